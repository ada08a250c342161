import { unknownName } from "../model/rule.ts";
import type { Token, TokenKind } from "./scanner.ts";

const longest = 200;
/** enough tokens for the longest display: one takes at least a character */
const mostTokens = longest + 1;

const masks: Partial<Record<TokenKind, string>> = {
  string: "'…'",
  escape: "'…'",
  unicode: "'…'",
  dollar: "'…'",
  bits: "'…'",
  number: "?",
};

/** A statement for people: one line, comments gone, literals masked, at most 200 characters. `tokens` are the statement's own. */
export function displayOf(text: string, tokens: readonly Token[]): string {
  let shown = "";
  let end = tokens[0]?.start ?? 0;
  for (const token of tokens.slice(0, mostTokens)) {
    if (token.start > end) shown += " ";
    shown += masks[token.kind] ?? (isBarePassword(shown) ? "'…'" : text.slice(token.start, token.end));
    end = token.end;
  }
  shown = shown.replaceAll(/\s+/g, " ").replaceAll(`"${unknownName}"`, unknownName);
  return shown.length > longest ? `${shown.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, "")}…` : shown;
}

/** After MySQL's IDENTIFIED BY: its parser takes no bare word there, but people forget the quotes. */
function isBarePassword(before: string): boolean {
  return /\bidentified (?:with \S+ )?(?:by|as) (?:password )?$/i.test(before.slice(-100));
}
