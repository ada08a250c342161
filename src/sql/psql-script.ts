import type { SqlText } from "../model/sql.ts";
import { brokenText, withoutByteOrderMark } from "./limits.ts";
import { createLocator, type Position } from "./locate.ts";
import { type Arguments, readArguments, restOfLine, variableAt } from "./psql-arguments.ts";
import { addOpaque, begin, copyUpTo, createBuffer, type PsqlBuffer, putVariable, send, skipData } from "./psql-buffer.ts";
import { type CommandKind, commandKind, wholeLine } from "./psql-commands.ts";
import { copyStatement } from "./psql-copy.ts";
import { endBranch, findInclude, type PsqlSession, setVariable, spend, startSession } from "./psql-session.ts";
import { createScanner, type Token } from "./scanner.ts";
import type { ScriptEvent } from "./script.ts";

interface Command extends Arguments {
  readonly name: string;
  readonly kind: CommandKind;
  /** where its backslash stands */
  readonly at: number;
}

const commandName = /\\([^\s\\]*)/y;
const deepestInclude = 16;

function readCommand(buffer: PsqlBuffer, at: number): Command {
  const { text, session } = buffer;
  commandName.lastIndex = at;
  const name = commandName.exec(text)?.[1] ?? "";
  const after = at + 1 + name.length;
  const kind = commandKind(name);
  const argumentsOf = wholeLine.has(name) || takesPipe(name, text, after) ? wholeArguments : readArguments;
  return { name, kind, at, ...argumentsOf(text, after, session.variables) };
}

/** \o, \w and \g hand the rest of the line to a shell when it starts with a bar. */
function takesPipe(name: string, text: string, at: number): boolean {
  return /^(?:o|out|w|write|g|gx)$/.test(name) && /^[ \t]*(?:\([^\n)]*\)[ \t]*)?\|/.test(text.slice(at, at + 1000));
}

function wholeArguments(text: string, at: number): Arguments {
  const { written, end } = restOfLine(text, at);
  return { values: [written], written, end, runsProgram: false };
}

function addMarkup(buffer: PsqlBuffer, command: Command, reconnects: boolean): void {
  buffer.session.events.push({ kind: "markup", text: `\\${command.name} ${command.written}`, reconnects });
}

function include(buffer: PsqlBuffer, command: Command): void {
  const { session, files } = buffer;
  const path = command.values[0] ?? null;
  const current = files.at(-1) ?? "";
  const directory = current.slice(0, current.lastIndexOf("/") + 1);
  const found = path === null ? null : findInclude(session, path, directory);
  const isEndless = found !== null && (files.includes(found.path) || files.length >= deepestInclude || session.files-- <= 0);
  if (found === null || isEndless || !spend(session, Buffer.byteLength(found.text))) {
    addMarkup(buffer, command, false);
    const problem = found === null ? "a file that is not in sight" : "files that include one another without end";
    return addOpaque(buffer, command.at, `\\${command.name} reads ${problem}`);
  }
  const place = buffer.locate(command.at);
  readFile(session, found.text, { locate: () => place, isElsewhere: true, files: [...files, found.path] });
}

function set(buffer: PsqlBuffer, command: Command): void {
  const { session } = buffer;
  const [name, ...values] = command.values;
  if (name === undefined) return;
  if (name === null) return addOpaque(buffer, command.at, "\\set of a variable whose name is not known here");
  const isKnown = values.every((value) => value !== null) && spend(session, command.written.length + values.join("").length);
  if (setVariable(session, name, isKnown ? values.join("") : null)) addMarkup(buffer, command, false);
  if (name === "SINGLELINE") addOpaque(buffer, command.at, "\\set SINGLELINE lets a line's end end a statement");
}

function branch(buffer: PsqlBuffer, command: Command): void {
  const { session } = buffer;
  addMarkup(buffer, command, false);
  if (buffer.start >= 0) addOpaque(buffer, command.at, `\\${command.name} in the middle of a statement`);
  if (command.name !== "if") endBranch(session);
  if (command.name !== "endif") session.branches.push(new Set());
}

function copy(buffer: PsqlBuffer, command: Command): number {
  const copied = copyStatement(command.written);
  const { session } = buffer;
  if (copied === null) addOpaque(buffer, command.at, "\\copy … program runs a program in the container");
  else {
    const { stopsOnError } = session;
    const isInBranch = session.branches.length > 0;
    const { isElsewhere } = buffer;
    const place = buffer.locate(command.at);
    session.events.push({ kind: "sql", sql: copied.sql, ...place, isElsewhere, stopsOnError, isInBranch, isFilled: false });
  }
  return copied?.readsScript === true ? skipData(buffer, command.end) : command.end;
}

function ask(buffer: PsqlBuffer, command: Command): void {
  const name = command.name === "getenv" ? command.values[0] : command.values.at(-1);
  if (typeof name === "string") setVariable(buffer.session, name, null);
  else addOpaque(buffer, command.at, `\\${command.name} of a variable whose name is not known here`);
}

/** \gset takes variables from the result: those with its prefix are not known any more. */
function forgetVariables(session: PsqlSession, prefix: string): void {
  for (const name of session.variables.keys()) if (name.startsWith(prefix)) setVariable(session, name, null);
}

function end(buffer: PsqlBuffer, command: Command): number {
  const isPiped = command.written.replace(/^\([^)]*\)\s*/, "").startsWith("|");
  if (isPiped) addOpaque(buffer, command.at, `\\${command.name} pipes the result to a program in the container`);
  const next = send(buffer, command.end);
  if (command.name === "gset") forgetVariables(buffer.session, command.values[0] ?? "");
  return next;
}

function runSimple(buffer: PsqlBuffer, command: Command): void {
  const { at, name, values } = command;
  switch (command.kind.kind) {
    case "set":
      return set(buffer, command);
    case "unset":
      return buffer.session.variables.has(values[0] ?? "") ? void setVariable(buffer.session, values[0] ?? "", null) : undefined;
    case "ask":
      return ask(buffer, command);
    case "include":
      return include(buffer, command);
    case "branch":
      return branch(buffer, command);
    case "connect":
      addMarkup(buffer, command, true);
      return addOpaque(buffer, at, `\\${name} changes where the rest of the script runs`);
    case "output":
      return command.written.startsWith("|") ? addOpaque(buffer, at, `\\${name} pipes to a program in the container`) : undefined;
    case "encoding":
      if (values.length > 0 && !/^(?:utf-?8|unicode)$/i.test(values[0] ?? "")) {
        addOpaque(buffer, at, "\\encoding changes client_encoding: the server then reads quotes differently");
      }
      return;
    default:
  }
}

/** Runs a command; the answer is where the script goes on. */
function runCommand(buffer: PsqlBuffer, command: Command): number {
  const { kind, at } = command;
  if (command.runsProgram) addOpaque(buffer, at, `backquotes after \\${command.name} run a program in the container`);
  if (command.name === "cd") buffer.session.hasMoved = true;
  if (kind.kind === "copy") return copy(buffer, command);
  if (kind.kind === "end") return end(buffer, command);
  if (kind.kind === "reset") {
    // the statement before it is thrown away; judging it all the same costs nothing
    buffer.isFilled = true;
    return send(buffer, command.end);
  }
  if (kind.kind === "opaque") {
    addMarkup(buffer, command, false);
    addOpaque(buffer, at, kind.reason);
    return kind.ends ? send(buffer, command.end) : command.end;
  }
  runSimple(buffer, command);
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
  const after = next === "\\" ? token.end + 1 : runCommand(buffer, readCommand(buffer, token.start));
  buffer.copied = Math.max(buffer.copied, after);
  return buffer.copied;
}

/** One token of SQL; the answer is where the script goes on. */
function readToken(buffer: PsqlBuffer, token: Token): number {
  const { text } = buffer;
  const written = token.kind === "punctuation" ? text.slice(token.start, token.end) : "";
  const use = written === ":" ? variableAt(text, token.start) : null;
  // an array slice: psql leaves numbers alone where no such variable is set
  const isSlice = use?.form === "bare" && /^\d+$/.test(use.name) && !buffer.session.variables.has(use.name);
  begin(buffer, token.start);
  if (use !== null && !isSlice) {
    putVariable(buffer, token.start, use);
    return use.end;
  }
  if (token.kind === "word") buffer.end.word(text.slice(token.start, token.end));
  if (written === "(" || written === ")") buffer.end.parenthesis(written === "(");
  if (written !== ";" || buffer.end.isOpen()) return token.end;
  copyUpTo(buffer, token.end);
  return send(buffer, token.end);
}

function readFile(session: PsqlSession, source: string, place: Omit<Parameters<typeof createBuffer>[0], "session" | "text">): void {
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
