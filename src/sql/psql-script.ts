import type { SqlText } from "../model/sql.ts";
import { brokenText, withoutByteOrderMark } from "./limits.ts";
import { createLocator, type Position } from "./locate.ts";
import { type VariableUse, variableAt } from "./psql-arguments.ts";
import { addOpaque, begin, copyUpTo, createBuffer, type PsqlBuffer, putVariable, send } from "./psql-buffer.ts";
import { addMarkup, type Command, readCommand, runCommand } from "./psql-run.ts";
import { findInclude, type PsqlSession, spend, startSession } from "./psql-session.ts";
import { createScanner, type Token } from "./scanner.ts";
import type { ScriptEvent } from "./script.ts";

const deepestInclude = 16;

function include(buffer: PsqlBuffer, command: Command): void {
  const { session, files } = buffer;
  const path = command.values[0] ?? null;
  const current = files.at(-1) ?? "";
  const directory = current.slice(0, current.lastIndexOf("/") + 1);
  const found = path === null ? null : findInclude(session, path, directory);
  const isEndless =
    found !== null && (files.includes(found.path) || files.length >= deepestInclude || session.files-- <= 0);
  if (found === null || isEndless || !spend(session, Buffer.byteLength(found.text))) {
    addMarkup(buffer, command, false);
    const problem = found === null ? "a file that is not in sight" : "files that include one another without end";
    addOpaque(buffer, command.at, `\\${command.name} reads ${problem}`);
    return;
  }
  const place = buffer.locate(command.at);
  readFile(session, found.text, { locate: () => place, isElsewhere: true, files: [...files, found.path] });
}

function readMetaCommand(buffer: PsqlBuffer, at: number): number {
  const command = readCommand(buffer, at);
  if (command.runsProgram) addOpaque(buffer, at, `backquotes after \\${command.name} run a program in the container`);
  if (command.kind.kind !== "include") return runCommand(buffer, command);
  include(buffer, command);
  return command.end;
}

/** A backslash outside quotes: `\;` and `\:` stand for their character, `\\` ends a command, anything else is one. */
function readBackslash(buffer: PsqlBuffer, token: Token): number {
  const { text } = buffer;
  copyUpTo(buffer, token.start);
  const next = text[token.end];
  if (next === ";" || next === ":") {
    if (buffer.start >= 0) buffer.parts.push(next);
    buffer.copied = token.end + 1;
    if (next === ";") buffer.end.reset();
    return token.end + 1;
  }
  const after = next === "\\" ? token.end + 1 : readMetaCommand(buffer, token.start);
  buffer.copied = Math.max(buffer.copied, after);
  return buffer.copied;
}

/** A variable at a colon. Numbers that are no variable's name are array slices: psql leaves them alone. */
function variableUse(buffer: PsqlBuffer, at: number): VariableUse | null {
  const use = variableAt(buffer.text, at);
  const isSlice = use?.form === "bare" && /^\d+$/.test(use.name) && !buffer.session.variables.has(use.name);
  return isSlice ? null : use;
}

/** One token of SQL; the answer is where the script goes on. */
function readToken(buffer: PsqlBuffer, token: Token): number {
  const written = buffer.text.slice(token.start, token.end);
  const use = written === ":" ? variableUse(buffer, token.start) : null;
  begin(buffer, token.start);
  if (use !== null) {
    putVariable(buffer, token.start, use);
    return use.end;
  }
  buffer.end.token(token, written);
  if (written !== ";" || buffer.end.isOpen()) return token.end;
  copyUpTo(buffer, token.end);
  return send(buffer, token.end);
}

function readFile(
  session: PsqlSession,
  source: string,
  place: Omit<Parameters<typeof createBuffer>[0], "session" | "text">,
): void {
  const text = withoutByteOrderMark(source);
  const buffer = createBuffer({ ...place, session, text });
  const broken = brokenText(text);
  if (broken !== null) {
    session.events.push({ kind: "error", line: place.locate(broken.at).line, message: broken.message });
    return;
  }
  const scanner = createScanner(text);
  for (let token = scanner.next(); token !== null; token = scanner.next()) {
    scanner.at = token.kind === "backslash" ? readBackslash(buffer, token) : readToken(buffer, token);
  }
  if (scanner.broken !== null) begin(buffer, scanner.broken.at);
  copyUpTo(buffer, text.length);
  send(buffer, text.length);
}

/** A psql script as the SQL it sends, both branches of every \if included. Lines count from 1. */
export function readPsqlScript(source: string, text: SqlText): readonly ScriptEvent[] {
  const session = startSession(text);
  const locate: (at: number) => Position = createLocator(source, 1, 1);
  readFile(session, source, { locate, isElsewhere: false, files: [] });
  return session.events;
}
