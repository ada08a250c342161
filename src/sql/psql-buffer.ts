import { unknownName } from "../model/rule.ts";
import type { Position } from "./locate.ts";
import { quoteIdentifier, substitute, type VariableUse, variableAt } from "./psql-arguments.ts";
import { isDangerousData, readCopyData, readsData } from "./psql-copy.ts";
import { type PsqlSession, spend } from "./psql-session.ts";
import { scan, type Token } from "./scanner.ts";
import { createStatementEnd, type StatementEnd } from "./statement-end.ts";

/** One file being read, and the statement that is being gathered from it. */
export interface PsqlBuffer {
  readonly session: PsqlSession;
  readonly text: string;
  readonly locate: (at: number) => Position;
  readonly isElsewhere: boolean;
  /** paths of this file and of those that include it, outermost first; empty for the script itself */
  readonly files: readonly string[];
  readonly end: StatementEnd;
  readonly parts: string[];
  /** start of the first token, -1 before it */
  start: number;
  /** the text up to here is in `parts` or gone */
  copied: number;
  isFilled: boolean;
}

/** A file at its start. */
export function createBuffer(
  place: Pick<PsqlBuffer, "session" | "text" | "locate" | "isElsewhere" | "files">,
): PsqlBuffer {
  return { ...place, end: createStatementEnd(), parts: [], start: -1, copied: 0, isFilled: false };
}

/** Something that cannot be known, at a place of the file. */
export function addOpaque(buffer: PsqlBuffer, at: number, reason: string): void {
  buffer.session.events.push({ kind: "opaque", line: buffer.locate(at).line, reason });
}

/** The statement goes on with the text up to `at`. */
export function copyUpTo(buffer: PsqlBuffer, at: number): void {
  if (buffer.start >= 0) buffer.parts.push(buffer.text.slice(buffer.copied, at));
  buffer.copied = at;
}

/** The first token of a statement. */
export function begin(buffer: PsqlBuffer, at: number): void {
  if (buffer.start >= 0) return;
  buffer.start = at;
  buffer.copied = at;
}

/** The statement is sent. `at` is where the script goes on; the answer is where it really goes on, data after COPY apart. */
export function send(buffer: PsqlBuffer, at: number): number {
  const sql = buffer.parts.join("");
  const { session, start } = buffer;
  buffer.parts.length = 0;
  buffer.start = -1;
  buffer.copied = at;
  buffer.end.reset();
  if (sql.trim() === "") return at;
  const { stopsOnError } = session;
  const isInBranch = session.branches.length > 0 || (session.continuesInTransaction && !stopsOnError);
  const { isElsewhere, isFilled } = buffer;
  buffer.isFilled = false;
  session.events.push({ kind: "sql", sql, ...buffer.locate(start), isElsewhere, stopsOnError, isInBranch, isFilled });
  return readsData(sql) ? skipData(buffer, at) : at;
}

/** Data of COPY … FROM STDIN is no SQL, unless the COPY fails and psql goes on. */
export function skipData(buffer: PsqlBuffer, at: number): number {
  const { data, end, hasMore } = readCopyData(buffer.text, at);
  buffer.session.events.push({ kind: "markup", text: `data ${data}`, reconnects: false });
  if (hasMore) addOpaque(buffer, at, "SQL on the same line as COPY … FROM STDIN");
  if (!buffer.session.stopsOnError && isDangerousData(data)) {
    addOpaque(
      buffer,
      at,
      "data after COPY that would run as SQL if the COPY fails, for errors do not stop this script",
    );
  }
  buffer.copied = end;
  return end;
}

function isOdd(value: string, { kind, start }: Token): boolean {
  return kind === "backslash" || (value[start] === ":" && variableAt(value, start) !== null);
}

/** A known value goes in as psql puts it in: its text as it is, its tokens counted for where the statement ends. */
function splice(buffer: PsqlBuffer, value: string): boolean {
  const { tokens, broken } = scan(value);
  if (broken !== null || tokens.some((token) => isOdd(value, token))) return false;
  for (const token of tokens) {
    const written = value.slice(token.start, token.end);
    buffer.end.token(token, written);
    if (written === ";" && !buffer.end.isOpen()) buffer.end.reset();
  }
  buffer.parts.push(value);
  return true;
}

const fillings = {
  bare: quoteIdentifier(unknownName),
  literal: "''",
  identifier: quoteIdentifier(unknownName),
  test: "TRUE",
};

/** A variable in the SQL. Quoted forms cannot leave their quotes; a bare one of unknown value can be any SQL. */
export function putVariable(buffer: PsqlBuffer, at: number, use: VariableUse): void {
  const { session } = buffer;
  const value = session.variables.get(use.name);
  copyUpTo(buffer, at);
  buffer.copied = use.end;
  const filled = value === undefined || value === null ? null : substitute(use, value);
  if (filled !== null && spend(session, filled.length) && splice(buffer, filled)) return;
  buffer.parts.push(fillings[use.form]);
  if (use.form !== "bare") return;
  buffer.isFilled = true;
  addOpaque(buffer, at, `psql variable :${use.name} has no value that is known here`);
}
