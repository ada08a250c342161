import type { Origin, Unknown, Word } from "../model/run.ts";
import { concat } from "./words.ts";

/** A script's text with its unknown pieces replaced by marks, and where it stands. */
export interface Source {
  readonly text: string;
  readonly origin: Origin;
  readonly holes: readonly Unknown[];
}

// A mark is OPEN, one private-use character that numbers the hole, CLOSE. The shell's grammar takes it for letters of a word.
const OPEN = "\uE000";
const CLOSE = "\uE001";
const FIRST_HOLE = 0xe100;
const MOST_HOLES = 0x1000;

/** The source a parser can read, or null when the text itself holds our marks or too many unknown pieces. */
export function toSource(script: Word, origin: Origin): Source | null {
  const holes: Unknown[] = [];
  let text = "";
  for (const piece of script) {
    if (typeof piece === "string") {
      if (piece.includes(OPEN) || piece.includes(CLOSE)) return null;
      text += piece;
    } else {
      text += OPEN + String.fromCharCode(FIRST_HOLE + holes.length) + CLOSE;
      holes.push(piece);
    }
  }
  return holes.length > MOST_HOLES ? null : { text, origin, holes };
}

/** Literal text of the script as a value: marks become the unknown pieces they stand for. */
export function revive(text: string, source: Source): Word {
  if (source.holes.length === 0) return text === "" ? [] : [text];
  const pieces: (string | Unknown)[] = [];
  for (const [at, part] of text.split(OPEN).entries()) {
    const hole = at === 0 ? undefined : source.holes[part.charCodeAt(0) - FIRST_HOLE];
    if (hole !== undefined) pieces.push(hole);
    pieces.push(hole === undefined ? part : part.slice(2));
  }
  return concat(pieces);
}

/** The line of the object's text on which an offset into the script stands. */
export function originAt(source: Source, offset: number): Origin {
  let line = source.origin.line;
  for (let at = source.text.indexOf("\n"); at !== -1 && at < offset; at = source.text.indexOf("\n", at + 1)) line += 1;
  return { ...source.origin, line };
}
