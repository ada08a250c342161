import type { Unknown, Word } from "./run.ts";

/**
 * Key of an environment under which every variable that is not named stands: a Secret read as a whole may define any.
 * No variable can be called so.
 */
export const anyVariable = "*";

/** A variable's value, [] when it is certainly not set; `anyVariable` answers for what is not named. */
export function variable(env: ReadonlyMap<string, Word>, name: string): Word {
  return env.get(name) ?? env.get(anyVariable) ?? [];
}

/** The whole text of a word, null if any part of it is unknown. */
export function knownText(word: Word): string | null {
  let text = "";
  for (const part of word) {
    if (typeof part !== "string") return null;
    text += part;
  }
  return text;
}

/** The parts of a word that cannot be known. */
export function unknownsOf(word: Word): readonly Unknown[] {
  return word.filter((part): part is Unknown => typeof part !== "string");
}

/** For people: known parts as they are, unknown ones as "<from Secret db>". */
export function displayWord(word: Word): string {
  return word.map((part) => (typeof part === "string" ? part : `<${part.unknown}>`)).join("");
}

/** Why a word is unknown, in words, "" if it is known. */
export function reasonOf(word: Word): string {
  return [...new Set(unknownsOf(word).map((part) => part.unknown))].join(", ");
}

/** Words one after the other, neighbouring strings joined and empty ones dropped. */
export function joinWords(words: readonly Word[]): Word {
  const parts: (string | Unknown)[] = [];
  for (const part of words.flat()) {
    const last = parts.at(-1);
    if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = last + part;
    else if (part !== "") parts.push(part);
  }
  return parts;
}

/** A word as plain text for parsers of option and URL syntax, and the way back from any piece of that text. */
export interface WordText {
  readonly text: string;
  back(piece: string): Word;
}

/** Unknown parts become single private-use characters; such characters in the word itself would lie, so they are dropped. */
export function wordText(word: Word): WordText {
  const unknowns = unknownsOf(word);
  let next = 0;
  const text = word
    .map((part) =>
      typeof part === "string" ? part.replace(/[\uE000-\uF8FF]/g, "") : String.fromCharCode(0xe000 + next++),
    )
    .join("");
  const back = (piece: string): Word =>
    joinWords(
      piece.split(/([\uE000-\uF8FF])/).map((part) => {
        const unknown = part.length === 1 ? unknowns[part.charCodeAt(0) - 0xe000] : undefined;
        return [unknown ?? part];
      }),
    );
  return { text, back };
}
