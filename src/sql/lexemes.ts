import { limits } from "./limits.ts";

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

/** Characters of operators. */
export const operatorRun = /[~!@#^&|`?+\-*/%<>=]+/y;
const word = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const parameter = /\$\d+/y;
const number =
  /0[xX](?:_?[0-9A-Fa-f])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*(?:\.(?!\.)(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?/y;
const punctuation = /::|:=|\.\.|[()[\],;.:$]/y;

/** End of a sticky pattern's match, or `at`. */
export function matchEnd(pattern: RegExp, text: string, at: number): number {
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

/** A token without its start; an end of -1 says that it has none. */
export interface Lexeme {
  readonly kind: TokenKind;
  readonly end: number;
}

function readUnicode(text: string, amp: number): Lexeme | null {
  if (text.startsWith("&'", amp)) return { kind: "unicode", end: quoteEnd(text, amp + 1) };
  return text.startsWith('&"', amp) ? { kind: "quoted", end: quoteEnd(text, amp + 1) } : null;
}

function readWord(text: string, at: number): Lexeme | null {
  const end = matchEnd(word, text, at);
  if (end === at) return null;
  const letter = end === at + 1 ? text.charAt(at).toLowerCase() : "";
  const unicode = letter === "u" ? readUnicode(text, end) : null;
  const prefixed = text[end] === "'" ? prefixes[letter] : undefined;
  if (prefixed === undefined) return unicode ?? { kind: "word", end };
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

/** The token that starts at `at`, where there is neither white space nor a comment. */
export function readLexeme(text: string, at: number): Lexeme {
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
