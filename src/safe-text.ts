/** Half of a character outside the basic plane would be no valid text. */
export function cut(line: string, length: number): string {
  return line.length <= length ? line : `${line.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** Names and commands may hold line breaks: they must not forge lines of their own. Leading spaces are ours. */
export function oneLine(text: string): string {
  return text.replace(/\s*[\n\r\v\f\u0085\u2028\u2029]\s*/gu, " ");
}

/**
 * Flux deletes a live object when a denial says these words, even inside a quoted name (facts: flux.md section 3), and
 * control characters would forge lines.
 */
export function harmless(text: string): string {
  return text
    .replace(/(?!\n)[\p{C}\p{Zl}\p{Zp}]/gu, "�")
    .replace(/(is)\s+(immutable)/giu, "$1-$2")
    .replace(/(immutable)\s+(field)/giu, "$1-$2");
}

/** Anybody's text as one line that does no harm. */
export function safeLine(text: string): string {
  return harmless(oneLine(text));
}
