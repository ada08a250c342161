/** One argument of a meta-command; null where its value is not known here. */
type Argument = string | null;

export interface Arguments {
  readonly values: readonly Argument[];
  /** as written, for the canonical form and for commands that take the whole line */
  readonly written: string;
  /** where SQL or the next command goes on */
  readonly end: number;
  /** a backquote hands its text to a shell */
  readonly runsProgram: boolean;
}

/** Value of a psql variable, undefined when unset, null when set to something unknown here. */
export type Variables = ReadonlyMap<string, string | null>;

/** `:name`, `:'name'`, `:"name"` and `:{?name}`; psql's own rule for names. */
const variablePattern =
  /:(?:([A-Za-z0-9_\u0080-\uffff]+)|'([A-Za-z0-9_\u0080-\uffff]+)'|"([A-Za-z0-9_\u0080-\uffff]+)"|\{\?([A-Za-z0-9_\u0080-\uffff]+)\})/y;

/** A use of a variable at a place in a text, or null. */
export interface VariableUse {
  readonly name: string;
  readonly form: "bare" | "literal" | "identifier" | "test";
  readonly end: number;
}

/** Reads a variable where a colon stands. */
export function variableAt(text: string, at: number): VariableUse | null {
  variablePattern.lastIndex = at;
  const match = variablePattern.exec(text);
  if (match === null) return null;
  const [, bare, literal, identifier, test] = match;
  const end = variablePattern.lastIndex;
  if (bare !== undefined) return { name: bare, form: "bare", end };
  if (literal !== undefined) return { name: literal, form: "literal", end };
  if (identifier !== undefined) return { name: identifier, form: "identifier", end };
  return { name: test ?? "", form: "test", end };
}

/** PQescapeLiteral: with a backslash in it, an E'' literal after a space. */
function quoteLiteral(value: string): string {
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return value.includes("\\") ? ` E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}

/** PQescapeIdentifier. */
export function quoteIdentifier(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

/** What psql puts in for a known value. */
export function substitute(use: VariableUse, value: string): string {
  if (use.form === "literal") return quoteLiteral(value);
  if (use.form === "identifier") return quoteIdentifier(value);
  return use.form === "test" ? "TRUE" : value;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", b: "\b", r: "\r", f: "\f" };

/** '…' of a meta-command: doubled quotes and C-like escapes. */
function unquote(quoted: string): string {
  return quoted.replace(
    /''|\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|(.))/gs,
    (all, hex?: string, octal?: string, other?: string) => {
      if (all === "''") return "'";
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return escapes[other ?? ""] ?? other ?? "";
    },
  );
}

/** Parts of an argument, in the order they are tried. */
const part =
  /(?<space>[ \t\f\v\r]+)|'(?<quoted>(?:[^'\\\n]|''|\\.)*)'|(?<identifier>"[^"\n]*")|(?<program>`[^`\n]*`?)|(?<plain>[^\s\\'"`:]+)|(?<colon>:)|(?<broken>['"])/y;

interface Reading {
  readonly values: Argument[];
  isInArgument: boolean;
  runsProgram: boolean;
}

function append(reading: Reading, text: Argument): void {
  const last = reading.isInArgument ? reading.values.pop() : "";
  reading.values.push(text === null || last === null || last === undefined ? null : last + text);
  reading.isInArgument = true;
}

function readVariable(reading: Reading, line: string, at: number, variables: Variables): number {
  const use = variableAt(line, at);
  if (use === null) {
    append(reading, ":");
    return at + 1;
  }
  const value = variables.get(use.name);
  append(reading, value === undefined || value === null ? null : substitute(use, value));
  return use.end;
}

function readPart(reading: Reading, line: string, groups: Readonly<Record<string, string | undefined>>): number | null {
  const { space, quoted, identifier, program, plain } = groups;
  if (space !== undefined) reading.isInArgument = false;
  else if (quoted !== undefined) append(reading, unquote(quoted));
  else if (identifier !== undefined || plain !== undefined) append(reading, identifier ?? plain ?? "");
  else if (program !== undefined) {
    reading.runsProgram = true;
    append(reading, null);
  } else {
    // an unterminated quote takes the rest of the line with it
    append(reading, null);
    return line.length;
  }
  return null;
}

/** Arguments from `at` to the end of the line or to the backslash of the next command. */
export function readArguments(text: string, at: number, variables: Variables): Arguments {
  const newline = text.indexOf("\n", at);
  const line = text.slice(at, newline < 0 ? text.length : newline);
  const reading: Reading = { values: [], isInArgument: false, runsProgram: false };
  let end = 0;
  for (;;) {
    part.lastIndex = end;
    const groups = part.exec(line)?.groups;
    if (groups === undefined) break;
    const after = part.lastIndex;
    end =
      groups["colon"] === undefined
        ? (readPart(reading, line, groups) ?? after)
        : readVariable(reading, line, end, variables);
  }
  const { values, runsProgram } = reading;
  return { values, runsProgram, written: line.slice(0, end).trim(), end: at + end };
}

/** The rest of the line, for commands that take it as it is. */
export function restOfLine(text: string, at: number): { readonly written: string; readonly end: number } {
  const newline = text.indexOf("\n", at);
  const end = newline < 0 ? text.length : newline;
  return { written: text.slice(at, end).trim(), end };
}
