/** Why the cluster could not be asked. `READ_STALE`: a watch has been broken for too long to trust what it saw. */
export type ReadErrorCode = "READ_TIMEOUT" | "READ_FORBIDDEN" | "READ_UNREACHABLE" | "READ_STALE" | "READ_FAILED";

/** The cluster could not be asked. The message names what was asked for and why it failed: it may be shown to whoever is denied. */
export class ReadError extends Error {
  readonly code: ReadErrorCode;

  constructor(code: ReadErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ReadError";
    this.code = code;
  }
}
