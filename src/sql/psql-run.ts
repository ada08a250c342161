import { type Arguments, readArguments, restOfLine } from "./psql-arguments.ts";
import { addOpaque, type PsqlBuffer, send, skipData } from "./psql-buffer.ts";
import { type CommandKind, commandKind, wholeLine } from "./psql-commands.ts";
import { copyStatement } from "./psql-copy.ts";
import { endBranch, type PsqlSession, setVariable, spend } from "./psql-session.ts";

/** A meta-command with its arguments. */
export interface Command extends Arguments {
  readonly name: string;
  readonly kind: CommandKind;
  /** where its backslash stands */
  readonly at: number;
}

const commandName = /\\([^\s\\]*)/y;
/** Reads the command whose backslash stands at `at`. */
export function readCommand(buffer: PsqlBuffer, at: number): Command {
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

/** A command that changes execution is part of the canonical form. */
export function addMarkup(buffer: PsqlBuffer, command: Command, reconnects: boolean): void {
  buffer.session.events.push({ kind: "markup", text: `\\${command.name} ${command.written}`, reconnects });
}

function set(buffer: PsqlBuffer, command: Command): void {
  const { session } = buffer;
  const [name, ...values] = command.values;
  if (name === undefined) return;
  if (name === null) {
    addOpaque(buffer, command.at, "\\set of a variable whose name is not known here");
    return;
  }
  const isKnown =
    values.every((value) => value !== null) && spend(session, command.written.length + values.join("").length);
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
    session.events.push({
      kind: "sql",
      sql: copied.sql,
      ...place,
      isElsewhere,
      stopsOnError,
      isInBranch,
      isFilled: false,
    });
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

function unset(buffer: PsqlBuffer, command: Command): void {
  const name = command.values[0] ?? "";
  if (buffer.session.variables.has(name)) setVariable(buffer.session, name, null);
}

function connect(buffer: PsqlBuffer, command: Command): void {
  addMarkup(buffer, command, true);
  addOpaque(buffer, command.at, `\\${command.name} changes where the rest of the script runs`);
}

function output(buffer: PsqlBuffer, command: Command): void {
  if (command.written.startsWith("|"))
    addOpaque(buffer, command.at, `\\${command.name} pipes to a program in the container`);
}

function encoding(buffer: PsqlBuffer, { values, at }: Command): void {
  if (values.length === 0 || /^(?:utf-?8|unicode)$/i.test(values[0] ?? "")) return;
  addOpaque(buffer, at, "\\encoding changes client_encoding: the server then reads quotes differently");
}

const simple: Partial<Record<CommandKind["kind"], (buffer: PsqlBuffer, command: Command) => void>> = {
  set,
  unset,
  ask,
  branch,
  connect,
  output,
  encoding,
};

/** Runs a command, \i apart; the answer is where the script goes on. */
export function runCommand(buffer: PsqlBuffer, command: Command): number {
  const { kind } = command;
  if (command.name === "cd") buffer.session.hasMoved = true;
  switch (kind.kind) {
    case "copy":
      return copy(buffer, command);
    case "end":
      return end(buffer, command);
    case "reset":
      // the statement before it is thrown away; judging it all the same costs nothing
      buffer.isFilled = true;
      return send(buffer, command.end);
    case "opaque":
      addMarkup(buffer, command, false);
      addOpaque(buffer, command.at, kind.reason);
      return kind.ends ? send(buffer, command.end) : command.end;
    default:
      simple[kind.kind]?.(buffer, command);
      return command.end;
  }
}
