import type { Scan, Token, TokenKind } from "./scanner.ts";

const skipped = /\s+|#[^\n]*|--(?=\s|$)[^\n]*/y;
const word = /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*/y;
const number = /0x[0-9A-Fa-f]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?/y;
const kinds: Readonly<Record<string, TokenKind>> = { "'": "string", '"': "string", "`": "quoted" };

/** End of a quoted text, -1 if it has none. A backslash takes the next character with it, in identifiers it does not. */
function quoteEnd(text: string, at: number): number {
  const quote = text[at];
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === "\\" && quote !== "`") i++;
    else if (text[i] === quote && text[i + 1] === quote) i++;
    else if (text[i] === quote) return i + 1;
  }
  return -1;
}

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function skipLines(text: string, from: number): number {
  let at = from;
  for (let end = matchEnd(skipped, text, at); end > at; end = matchEnd(skipped, text, at)) at = end;
  return at;
}

/** Place after white space and comments; below zero, at a comment without an end or one that the server executes. */
function skip(text: string, from: number): number {
  let at = skipLines(text, from);
  while (text.startsWith("/*", at)) {
    const end = text.indexOf("*/", at + 2);
    if (end < 0 || /^\/\*M?!/.test(text.slice(at, at + 4))) return -1 - at;
    at = skipLines(text, end + 2);
  }
  return at;
}

function readToken(text: string, start: number): Token {
  const kind = kinds[text.charAt(start)];
  if (kind !== undefined) return { kind, start, end: quoteEnd(text, start) };
  const wordEnd = matchEnd(word, text, start);
  if (wordEnd > start) return { kind: "word", start, end: wordEnd };
  const numberEnd = matchEnd(number, text, start);
  if (numberEnd > start) return { kind: "number", start, end: numberEnd };
  return { kind: "punctuation", start, end: start + 1 };
}

/**
 * Tokens of a MySQL or MariaDB text, read with the server's default sql_mode. Comments that the server executes break it:
 * the parser takes them for comments (parser.md section 7).
 */
export function scanMysql(text: string): Scan {
  const tokens: Token[] = [];
  let at = skip(text, 0);
  while (at >= 0 && at < text.length) {
    const token = readToken(text, at);
    if (token.end < 0) return { tokens, broken: { at, message: "unterminated quoted string" } };
    tokens.push(token);
    at = skip(text, token.end);
  }
  if (at >= 0) return { tokens, broken: null };
  const start = -1 - at;
  const message =
    text.indexOf("*/", start) < 0 ? "unterminated /* comment" : "a comment that the server executes (/*! … */)";
  return { tokens, broken: { at: start, message } };
}
