import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** One write as the API server's audit log has it. */
export interface AuditEvent {
  readonly verb: string;
  readonly user: string;
  readonly groups: readonly string[];
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly dryRun: boolean;
  /** HTTP status of the answer. */
  readonly code: number;
  readonly message: string;
  /** What admission wrote into the log, the gate's decisions among it. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly time: string;
}

export interface AuditLog {
  /** Everything written since the log was opened here that passes `filter`. */
  events(filter?: Partial<AuditEvent>): readonly AuditEvent[];
}

/** Follows the log from its present end. */
export function openAuditLog(path: string): AuditLog {
  const start = sizeOf(path);
  return {
    events(filter = {}) {
      const wanted = Object.entries(filter);
      return readFrom(path, start)
        .split("\n")
        .filter((line) => line !== "")
        .flatMap(parseEvent)
        .filter((event) => wanted.every(([name, value]) => Object(event)[name] === value));
    },
  };
}

function parseEvent(line: string): readonly AuditEvent[] {
  const event = parsed(line);
  if (event === undefined) return [];
  const { verb, user, impersonatedUser, objectRef = {}, requestURI, responseStatus = {}, annotations = {} } = event;
  const { resource = "", subresource = "", namespace = "", name = "" } = objectRef;
  const { username = "", groups = [] } = impersonatedUser ?? user;
  const dryRun = new URL(requestURI, "http://api").searchParams.get("dryRun") === "All";
  const { code = 0, message = "" } = responseStatus;
  const time = event.requestReceivedTimestamp;
  return [
    { verb, user: username, groups, resource, subresource, namespace, name, dryRun, code, message, annotations, time },
  ];
}

/** The last line may be half written. */
function parsed(line: string) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function sizeOf(path: string): number {
  const file = openSync(path, "r");
  try {
    return fstatSync(file).size;
  } finally {
    closeSync(file);
  }
}

function readFrom(path: string, start: number): string {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - start));
    readSync(file, bytes, 0, bytes.length, start);
    return bytes.toString("utf8");
  } finally {
    closeSync(file);
  }
}
