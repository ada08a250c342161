/** One character of a shell pattern; only active ones (unquoted) can be wildcards. */
export interface PatternChar {
  readonly char: string;
  readonly active: boolean;
}

export type Pattern = readonly PatternChar[];

/** Whether a pattern matches the whole text; null if it uses what is not modelled (classes, extended globs). */
export function matches(pattern: Pattern, text: string): boolean | null {
  return isModelled(pattern) ? matchFrom(pattern, text) : null;
}

export function hasWildcard(pattern: Pattern): boolean {
  return pattern.some(({ char, active }) => active && (char === "*" || char === "?" || char === "["));
}

/** Character classes and unclosed or escaped brackets differ between shells: not modelled. */
function isModelled(pattern: Pattern): boolean {
  for (let at = 0; at < pattern.length; at += 1) {
    if (!isActive(pattern, at, "[")) continue;
    const end = bracketEnd(pattern, at);
    if (end === -1) return false;
    if (pattern.slice(at + 1, end).some(({ char }) => char === "[" || char === "\\")) return false;
    at = end;
  }
  return !pattern.some(({ char, active }) => active && (char === "\\" || char === "("));
}

/** The classic two-pointer match: on a mismatch the last star takes one character more. */
function matchFrom(pattern: Pattern, text: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let taken = 0;
  while (at < text.length) {
    const next = matchOne(pattern, place, text.charAt(at));
    if (isActive(pattern, place, "*")) {
      star = place;
      taken = at;
      place += 1;
    } else if (next !== -1) {
      place = next;
      at += 1;
    } else if (star === -1) {
      return false;
    } else {
      taken += 1;
      at = taken;
      place = star + 1;
    }
  }
  while (isActive(pattern, place, "*")) place += 1;
  return place === pattern.length;
}

/** Where the pattern goes on after matching one character, -1 if it does not match. */
function matchOne(pattern: Pattern, place: number, char: string): number {
  const item = pattern[place];
  if (item === undefined || isActive(pattern, place, "*")) return -1;
  if (isActive(pattern, place, "?")) return place + 1;
  if (!isActive(pattern, place, "[")) return item.char === char ? place + 1 : -1;
  const end = bracketEnd(pattern, place);
  const set = pattern.slice(place + 1, end).map((member) => member.char);
  const negated = set[0] === "!" || set[0] === "^";
  return inSet(negated ? set.slice(1) : set, char) === negated ? -1 : end + 1;
}

function inSet(set: readonly string[], char: string): boolean {
  for (let at = 0; at < set.length; at += 1) {
    const from = set[at] ?? "";
    const to = set[at + 1] === "-" ? set[at + 2] : undefined;
    if (char >= from && char <= (to ?? from)) return true;
    if (to !== undefined) at += 2;
  }
  return false;
}

function bracketEnd(pattern: Pattern, start: number): number {
  const first = pattern[start + 1]?.char;
  const skip = first === "!" || first === "^" ? 3 : 2;
  for (let at = start + skip; at < pattern.length; at += 1) if (pattern[at]?.char === "]") return at;
  return -1;
}

function isActive(pattern: Pattern, place: number, char: string): boolean {
  const item = pattern[place];
  return item?.active === true && item.char === char;
}
