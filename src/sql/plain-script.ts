import type { Token } from "./scanner.ts";
import { createStatementEnd } from "./statement-end.ts";

/** A statement's range in a text, from its first token to its last, its semicolon apart. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Cuts a text at its semicolons as psql does; only for texts that do not parse as a whole. */
export function splitStatements(text: string, tokens: readonly Token[]): readonly Range[] {
  const tracker = createStatementEnd();
  const ranges: Range[] = [];
  let start = tokens[0]?.start ?? 0;
  for (const [index, token] of tokens.entries()) {
    const written = text.slice(token.start, token.end);
    tracker.token(token, written);
    if (written !== ";" || tracker.isOpen()) continue;
    ranges.push({ start, end: token.start });
    tracker.reset();
    start = tokens[index + 1]?.start ?? token.end;
  }
  // an unterminated quote stands after the last token: it belongs to the last statement, or is one
  ranges.push({ start, end: text.length });
  return ranges.filter((range) => text.slice(range.start, range.end).trim() !== "");
}
