import { type Broken, limits } from "./limits.ts";

/**
 * One token of PostgreSQL's lexical grammar. `start` and `end` count UTF-16 units.
 * `string` is '…'; `escape` is E'…'; `unicode` is U&'…'; `quoted` is "…" and U&"…"; `bits` is B'…' and X'…'.
 */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
}

export type TokenKind =
  | "word"
  | "quoted"
  | "string"
  | "escape"
  | "unicode"
  | "dollar"
  | "bits"
  | "number"
  | "parameter"
  | "operator"
  | "punctuation"
  | "backslash";

export interface Scan {
  readonly tokens: readonly Token[];
  /** an unterminated quote or comment, or a broken limit: tokens end before it */
  readonly broken: Broken | null;
}

/** Reads tokens one after the other; `at` may be moved by the caller between two reads. */
export interface Scanner {
  at: number;
  /** false at the end, and at a place that breaks the text (`broken` is then set) */
  next(): Token | null;
  broken: Broken | null;
}

const space = /[ \t\n\r\f\v]+/y;
const lineComment = /--[^\n\r]*/y;
const operatorRun = /[~!@#^&|`?+\-*/%<>=]+/y;
const word = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const parameter = /\$\d+/y;
const number =
  /0[xX](?:_?[0-9A-Fa-f])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*(?:\.(?!\.)(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?/y;
const punctuation = /::|:=|\.\.|[()[\],;.:$]/y;

const opening = new Set(["(", "["]);
const closing = new Set([")", "]"]);

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** End of '…' or "…" that opens at `at`, or -1. A doubled quote stands for itself. */
function quoteEnd(text: string, at: number): number {
  const quote = text.charAt(at);
  let end = text.indexOf(quote, at + 1);
  while (end >= 0 && text[end + 1] === quote) end = text.indexOf(quote, end + 2);
  return end < 0 ? -1 : end + 1;
}

/** End of E'…', in which a backslash takes the next character with it. */
function escapeEnd(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "'" && text[i + 1] === "'") i++;
    else if (text[i] === "'") return i + 1;
  }
  return -1;
}

/** PostgreSQL cuts an operator before a comment, and trailing signs unless a telling character is in it. */
function operatorEnd(text: string, at: number): number {
  const run = text.slice(at, matchEnd(operatorRun, text, at));
  const comment = run.search(/--|\/\*/);
  const operator = comment > 0 ? run.slice(0, comment) : run;
  // too long to be one: the run guard refuses it
  if (operator.length > limits.operatorRun || /[~!@#^&|`?%]/.test(operator)) return at + operator.length;
  return at + Math.max(1, operator.replace(/[+-]+$/, "").length);
}

const prefixes: Readonly<Record<string, TokenKind>> = { e: "escape", b: "bits", x: "bits" };

interface Lexeme {
  readonly kind: TokenKind;
  readonly end: number;
}

function readWord(text: string, at: number): Lexeme | null {
  const end = matchEnd(word, text, at);
  if (end === at) return null;
  const letter = end === at + 1 ? text.charAt(at).toLowerCase() : "";
  if (letter === "u" && text[end] === "&") {
    if (text[end + 1] === "'") return { kind: "unicode", end: quoteEnd(text, end + 1) };
    if (text[end + 1] === '"') return { kind: "quoted", end: quoteEnd(text, end + 1) };
  }
  const prefixed = text[end] === "'" ? prefixes[letter] : undefined;
  if (prefixed === undefined) return { kind: "word", end };
  return { kind: prefixed, end: prefixed === "escape" ? escapeEnd(text, end) : quoteEnd(text, end) };
}

function readDollar(text: string, at: number): Lexeme {
  const tagEnd = matchEnd(dollarTag, text, at);
  if (tagEnd > at) {
    const close = text.indexOf(text.slice(at, tagEnd), tagEnd);
    return { kind: "dollar", end: close < 0 ? -1 : close + tagEnd - at };
  }
  const end = matchEnd(parameter, text, at);
  return end > at ? { kind: "parameter", end } : { kind: "punctuation", end: at + 1 };
}

function readLexeme(text: string, at: number): Lexeme {
  const character = text.charAt(at);
  if (character === "'") return { kind: "string", end: quoteEnd(text, at) };
  if (character === '"') return { kind: "quoted", end: quoteEnd(text, at) };
  if (character === "$") return readDollar(text, at);
  if (character === "\\") return { kind: "backslash", end: at + 1 };
  const numberEnd = matchEnd(number, text, at);
  if (numberEnd > at) return { kind: "number", end: numberEnd };
  const read = readWord(text, at);
  if (read !== null) return read;
  const punctuationEnd = matchEnd(punctuation, text, at);
  if (punctuationEnd > at) return { kind: "punctuation", end: punctuationEnd };
  // a control character is no token of PostgreSQL's: the parser will say so
  return { kind: "operator", end: Math.max(operatorEnd(text, at), at + 1) };
}

/** Counts how often a token or comment starts inside one unbroken run of operator characters. */
function createRunGuard(text: string): (at: number) => boolean {
  let runEnd = 0;
  let starts = 0;
  return (at) => {
    if (at >= runEnd) {
      runEnd = matchEnd(operatorRun, text, at);
      starts = 0;
    }
    starts++;
    return starts > limits.operatorRun;
  };
}

function blockCommentEnd(text: string, at: number, isRunTooLong: (at: number) => boolean): number | Broken {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = at + 2;
  let depth = 1;
  while (depth > 0) {
    const found = mark.exec(text);
    if (found === null) return { at, message: "unterminated /* comment" };
    depth += found[0] === "/*" ? 1 : -1;
    if (depth > limits.commentNesting) return { at, message: "comments nested deeper than 32" };
    if (isRunTooLong(found.index)) return { at, message: "a run of more than 63 operator characters" };
  }
  return mark.lastIndex;
}

const unterminated: Partial<Record<TokenKind, string>> = { quoted: "unterminated quoted identifier" };

/** A scanner over a text, linear in its length whatever the text is. */
export function createScanner(text: string): Scanner {
  const isRunTooLong = createRunGuard(text);
  let depth = 0;
  const scanner: Scanner = { at: 0, broken: null, next };
  function fail(broken: Broken): null {
    scanner.broken = broken;
    return null;
  }
  /** skips white space and comments; false if the text breaks there */
  function skip(): boolean {
    for (;;) {
      scanner.at = matchEnd(space, text, scanner.at);
      const lineEnd = matchEnd(lineComment, text, scanner.at);
      if (lineEnd > scanner.at) scanner.at = lineEnd;
      else if (!text.startsWith("/*", scanner.at)) return true;
      else {
        const end = isRunTooLong(scanner.at)
          ? { at: scanner.at, message: "a run of more than 63 operator characters" }
          : blockCommentEnd(text, scanner.at, isRunTooLong);
        if (typeof end !== "number") return fail(end) !== null;
        scanner.at = end;
      }
    }
  }
  function next(): Token | null {
    if (scanner.broken !== null || !skip() || scanner.at >= text.length) return null;
    const start = scanner.at;
    const { kind, end } = readLexeme(text, start);
    if (end < 0) return fail({ at: start, message: unterminated[kind] ?? "unterminated quoted string" });
    if (kind === "operator" && (end - start > limits.operatorRun || isRunTooLong(start))) {
      return fail({ at: start, message: "a run of more than 63 operator characters" });
    }
    if (kind === "punctuation") {
      if (opening.has(text.charAt(start))) depth++;
      else if (closing.has(text.charAt(start))) depth = Math.max(0, depth - 1);
      if (depth > limits.nesting) return fail({ at: start, message: "parentheses nested deeper than 500" });
    }
    scanner.at = end;
    return { kind, start, end };
  }
  return scanner;
}

/** All tokens of a text, without comments and white space. */
export function scan(text: string): Scan {
  const scanner = createScanner(text);
  const tokens: Token[] = [];
  for (let token = scanner.next(); token !== null; token = scanner.next()) tokens.push(token);
  return { tokens, broken: scanner.broken };
}
