import { matchEnd, operatorRun, readLexeme, type Token, type TokenKind } from "./lexemes.ts";
import { type Broken, limits } from "./limits.ts";

export type { Token, TokenKind } from "./lexemes.ts";

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
    if (isRunTooLong(found.index)) return { at, message: tooLong };
  }
  return mark.lastIndex;
}

const unterminated: Partial<Record<TokenKind, string>> = { quoted: "unterminated quoted identifier" };

const tooLong = "a run of more than 63 operator characters";

/** End of white space and of comments to the end of a line. */
function skipLines(text: string, from: number): number {
  let at = matchEnd(space, text, from);
  while (text.startsWith("--", at)) at = matchEnd(space, text, matchEnd(lineComment, text, at));
  return at;
}

/** End of white space and comments from `from`, or what breaks the text there. */
function skip(text: string, from: number, isRunTooLong: (at: number) => boolean): number | Broken {
  let at = skipLines(text, from);
  while (text.startsWith("/*", at)) {
    const end = isRunTooLong(at) ? { at, message: tooLong } : blockCommentEnd(text, at, isRunTooLong);
    if (typeof end !== "number") return end;
    at = skipLines(text, end);
  }
  return at;
}

const nesting: Readonly<Record<string, number>> = { "(": 1, "[": 1, ")": -1, "]": -1 };

/** A scanner over a text, linear in its length whatever the text is. */
export function createScanner(text: string): Scanner {
  const isRunTooLong = createRunGuard(text);
  let depth = 0;

  function nest(token: Token): boolean {
    depth = Math.max(0, depth + (token.kind === "punctuation" ? (nesting[text.charAt(token.start)] ?? 0) : 0));
    return depth > limits.nesting;
  }

  function problem(token: Token): string | null {
    const { kind, start, end } = token;
    if (end < 0) return unterminated[kind] ?? "unterminated quoted string";
    if (kind === "operator" && (end - start > limits.operatorRun || isRunTooLong(start))) return tooLong;
    return nest(token) ? "parentheses nested deeper than 500" : null;
  }

  const scanner: Scanner = { at: 0, broken: null, next };
  function fail(broken: Broken): null {
    scanner.broken = broken;
    return null;
  }
  function next(): Token | null {
    if (scanner.broken !== null) return null;
    const start = skip(text, scanner.at, isRunTooLong);
    if (typeof start !== "number") return fail(start);
    if (start >= text.length) return null;
    const { kind, end } = readLexeme(text, start);
    const token = { kind, start, end };
    const message = problem(token);
    if (message !== null) return fail({ at: start, message });
    scanner.at = end;
    return token;
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
