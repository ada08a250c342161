import { type DestinationStream, pino } from "pino";

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

/** Structured lines of JSON, one an event. */
export type Log = ReturnType<typeof createLog>;

/** Writes to standard error unless told otherwise: standard output is for what a command was asked to print. */
export function createLog(level: LogLevel, destination: DestinationStream = pino.destination(2)) {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: describeError } },
    destination,
  );
}

/**
 * An error without its message, unless it has a code: messages of parsers quote what they read, and that may be
 * a password in SQL. Where it was thrown is kept.
 */
function describeError(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { type: error === null ? "null" : typeof error };
  const code = "code" in error && typeof error.code === "string" ? error.code : null;
  const at = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    ...(code === null ? {} : { code, message: error.message }),
    at: at.slice(0, 8).map((line) => line.trim().slice(3)),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
