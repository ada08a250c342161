import type { Token } from "./scanner.ts";
import { createStatementEnd } from "./statement-end.ts";

/** A statement's range in a text, from its first token to its last, its semicolon apart. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Cuts a text at its semicolons as psql does; only for texts that do not parse as a whole. */
export function splitStatements(text: string, tokens: readonly Token[]): readonly Range[] {
  const end = createStatementEnd();
  const ranges: Range[] = [];
  let first: Token | null = null;
  for (const [index, token] of tokens.entries()) {
    const written = token.kind === "punctuation" ? text.slice(token.start, token.end) : "";
    if (token.kind === "word") end.word(text.slice(token.start, token.end));
    if (written === "(" || written === ")") end.parenthesis(written === "(");
    const isEnd = written === ";" && !end.isOpen();
    if (isEnd && first !== null) ranges.push({ start: first.start, end: token.start });
    if (isEnd) end.reset();
    first = isEnd ? null : (first ?? token);
    // an unterminated quote stands after the last token: its rest belongs to the last statement
    if (index === tokens.length - 1 && first !== null) ranges.push({ start: first.start, end: text.length });
  }
  return ranges.length > 0 ? ranges : [{ start: 0, end: text.length }];
}
