import type { Invocation, Opaque, Origin, Word } from "../model/run.ts";
import type { SqlText } from "../model/sql.ts";
import { displayWord, knownText, reasonOf, wordText } from "../model/word.ts";
import type { ParsedArguments, ParsedOption } from "./arguments.ts";
import { includesOf } from "./psql-includes.ts";
import { type SqlHabit, sqlText } from "./sql-text.ts";

/** The SQL of one psql call, and where it cannot be read. */
export interface PsqlActions {
  readonly sql: readonly SqlText[];
  readonly opaque: readonly Opaque[];
}

/** Every -c, every -f, or standard input, in the order psql takes them. */
export function psqlActions(invocation: Invocation, parsed: ParsedArguments): PsqlActions {
  const variables = psqlVariables(parsed.options);
  const stops = isOn(variables.get("ON_ERROR_STOP"));
  const once = parsed.options.some(({ name }) => name === "single-transaction");
  const habit: SqlHabit = {
    dialect: "postgresql",
    client: "psql",
    stopsOnError: stops,
    singleTransaction: once,
    variables,
    includes: {},
  };
  const actions = parsed.options.filter(({ name }) => name === "command" || name === "file");
  if (actions.length === 0) return readStdin(invocation, habit);
  const read = actions.map(({ name, value }) =>
    name === "command" ? readCommand(value, invocation.origin, habit) : readFile(value, invocation, habit),
  );
  return { sql: read.flatMap(({ sql }) => sql), opaque: read.flatMap(({ opaque }) => opaque) };
}

/** -v NAME=VALUE; without "=" the variable is unset. */
function psqlVariables(options: readonly ParsedOption[]): ReadonlyMap<string, Word> {
  const variables = new Map<string, Word>();
  for (const { value } of options.filter((option) => option.name === "set" || option.name === "variable")) {
    const written = wordText(value);
    const equals = written.text.indexOf("=");
    if (equals < 0) variables.delete(written.text);
    else variables.set(written.text.slice(0, equals), written.back(written.text.slice(equals + 1)));
  }
  return variables;
}

/** psql takes any beginning of true, yes and on, and 1. */
function isOn(value: Word | undefined): boolean {
  const text = value === undefined ? null : knownText(value)?.toLowerCase();
  if (text === null || text === undefined || text === "") return false;
  return text === "1" || text === "on" || "true".startsWith(text) || "yes".startsWith(text);
}

/**
 * A -c string goes to the server as it is, in one implicit transaction and without variables, unless it begins with a
 * backslash: then it is one meta-command.
 */
function readCommand(text: Word, origin: Origin, habit: SqlHabit): PsqlActions {
  const isMeta = /^\s*\\/.test(wordText(text).text);
  const plain: SqlHabit = { ...habit, client: "plain", singleTransaction: true, variables: new Map() };
  return { sql: [sqlText(text, origin, isMeta ? habit : plain)], opaque: wholeUnknown(text, "-c", origin) };
}

function readFile(name: Word, invocation: Invocation, habit: SqlHabit): PsqlActions {
  const path = knownText(name);
  const { files, origin } = invocation;
  if (path === null) return unreadable(`psql -f ${displayWord(name)}: ${reasonOf(name)}`, origin);
  if (path === "-" || path === "/dev/stdin" || path === "/dev/fd/0") return readStdin(invocation, habit);
  const reading = files.read(path);
  if (reading.kind === "unknown")
    return unreadable(`psql -f ${path}: ${reading.reason}; mount it from a ConfigMap`, origin);
  if (reading.kind === "absent") return unreadable(`psql -f ${path}: no such file in what is mounted there`, origin);
  const includes = includesOf(path, reading.text, files);
  return {
    sql: [sqlText(reading.text, reading.origin, { ...habit, includes })],
    opaque: wholeUnknown(reading.text, `-f ${path}`, reading.origin),
  };
}

function readStdin(invocation: Invocation, habit: SqlHabit): PsqlActions {
  const { stdin, files, origin } = invocation;
  if (stdin.kind === "none") return { sql: [], opaque: [] };
  if (stdin.kind === "unknown") return unreadable(`psql reads standard input: ${stdin.reason}`, origin);
  const includes = includesOf("", stdin.text, files);
  return {
    sql: [sqlText(stdin.text, stdin.origin, { ...habit, includes })],
    opaque: wholeUnknown(stdin.text, "standard input", stdin.origin),
  };
}

/** A text of which no word is known is no text to judge. */
function wholeUnknown(text: Word, what: string, origin: Origin): readonly Opaque[] {
  const isKnown = knownText(text) !== null || text.some((part) => typeof part === "string" && part.trim() !== "");
  return isKnown ? [] : [{ kind: "unreadable", reason: `psql ${what} is wholly unknown: ${reasonOf(text)}`, origin }];
}

function unreadable(reason: string, origin: Origin): PsqlActions {
  return { sql: [], opaque: [{ kind: "unreadable", reason, origin }] };
}
