import { isAmbiguousLiteral } from "./refusals.ts";
import type { Token, TokenKind } from "./scanner.ts";

/** A place in a text, in UTF-16 units, that cannot be trusted to mean what it seems to mean. */
export interface Doubt {
  readonly at: number;
  readonly reason: string;
}

const constants: ReadonlySet<TokenKind> = new Set(["string", "escape", "unicode", "dollar"]);

function holds(text: string, token: Token | undefined, at: number, end: number): boolean {
  if (token === undefined || !constants.has(token.kind) || token.end < end) return false;
  // after the opening quote, before the closing one; a dollar quote's tag is as long at both ends
  const quote =
    token.kind === "dollar"
      ? text.indexOf("$", token.start + 1)
      : token.start + text.slice(token.start, token.start + 3).search(/['"]/);
  return at > quote && end < token.end - (token.kind === "dollar" ? quote - token.start : 0);
}

/** An unknown value is harmless only inside one string constant; anywhere else it could be SQL, a comment's end included. */
export function markerDoubts(text: string, tokens: readonly Token[], markers: readonly string[]): Doubt[] {
  const doubts: Doubt[] = [];
  for (const marker of markers) {
    let index = 0;
    for (let at = text.indexOf(marker); at >= 0; at = text.indexOf(marker, at + marker.length)) {
      while ((tokens[index]?.end ?? Number.POSITIVE_INFINITY) <= at) index++;
      if (holds(text, tokens[index], at, at + marker.length)) continue;
      doubts.push({ at, reason: "a value that is not known here stands in the SQL itself" });
    }
  }
  return doubts;
}

/** What the tokens of a text give away without its grammar. Bodies in dollar quotes are texts of their own. */
export function tokenDoubts(text: string, tokens: readonly Token[], markers: readonly string[]): readonly Doubt[] {
  const doubts = markerDoubts(text, tokens, markers);
  if (!text.includes("\\'")) return doubts;
  for (const token of tokens) {
    if (!isAmbiguousLiteral(text, token)) continue;
    const reason = "a literal with a backslash before a quote ends elsewhere where standard_conforming_strings is off";
    doubts.push({ at: token.start, reason });
  }
  return doubts;
}
