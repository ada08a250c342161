import type { Unknown, Word } from "../model/run.ts";

type Piece = string | Unknown;

/** longest value kept, in UTF-16 code units: doubling in a loop must not fill the memory */
const LONGEST_VALUE = 1_048_576;

/** what an unknown piece counts towards it: a value has at most some thousand */
const UNKNOWN_LENGTH = 512;

/** The text of a word without unknown parts, or null. */
export function known(word: Word): string | null {
  let text = "";
  for (const piece of word) {
    if (typeof piece !== "string") return null;
    text += piece;
  }
  return text;
}

export function isKnown(word: Word): boolean {
  return word.every((piece) => typeof piece === "string");
}

/** The word for people: unknown parts as `<reason>`. */
export function text(word: Word): string {
  return word.map((piece) => (typeof piece === "string" ? piece : `<${piece.unknown}>`)).join("");
}

/** One word after the other; neighbouring strings become one, too long a value becomes unknown. */
export function concat(...words: readonly Word[]): Word {
  const pieces: Piece[] = [];
  let length = 0;
  for (const piece of words.flat()) {
    const last = pieces.at(-1);
    length += typeof piece === "string" ? piece.length : UNKNOWN_LENGTH;
    if (typeof piece === "string" && typeof last === "string") pieces[pieces.length - 1] = last + piece;
    else if (piece !== "") pieces.push(piece);
  }
  return length > LONGEST_VALUE ? unknownWord("a value longer than 1 MiB") : pieces;
}

export function unknownWord(reason: string): Word {
  return [{ unknown: reason }];
}

/** Same pieces for the same reasons: only then may two ways through a script be taken as one. */
export function sameWord(a: Word, b: Word): boolean {
  const left = concat(a);
  const right = concat(b);
  return left.length === right.length && left.every((piece, at) => samePiece(piece, right[at]));
}

function samePiece(a: Piece, b: Piece | undefined): boolean {
  if (typeof a === "string" || typeof b === "string" || b === undefined) return a === b;
  return a.unknown === b.unknown && a.secret?.name === b.secret?.name && a.secret?.key === b.secret?.key;
}

/** The first reason why a word is not known, "" if it is. */
export function whyUnknown(word: Word): string {
  for (const piece of word) if (typeof piece !== "string") return piece.unknown;
  return "";
}
