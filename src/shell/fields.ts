import type { Unknown, Word } from "../model/run.ts";
import type { Shell } from "./engine.ts";
import { directoryOf, fileName, fullPath } from "./paths.ts";
import { hasWildcard, matches, type Pattern, type PatternChar } from "./patterns.ts";
import { filesOf } from "./virtual-files.ts";
import { concat, known, unknownWord } from "./words.ts";

/**
 * A piece of an expanded word before splitting: text, an unknown piece, the mark of quotes (an empty argument is one),
 * or the boundary between two items of "$@".
 * `splits`: expanded outside quotes; `wild`: its wildcards count.
 */
export type Atom =
  | { readonly kind: "text"; readonly text: string; readonly splits: boolean; readonly wild: boolean }
  | { readonly kind: "hole"; readonly hole: Unknown; readonly splits: boolean }
  | { readonly kind: "quotes" }
  | { readonly kind: "boundary" };

interface Field {
  readonly pieces: (PatternChar | Unknown)[];
}

/** The value of a word where nothing splits: assignments, quotes, here-documents. */
export function joinAtoms(atoms: readonly Atom[]): Word {
  return concat(
    atoms.map((atom) => {
      if (atom.kind === "text") return atom.text;
      if (atom.kind === "hole") return atom.hole;
      return atom.kind === "boundary" ? " " : "";
    }),
  );
}

/** The arguments a word becomes: split at IFS, wildcards replaced by the files they match. */
export function toFields(atoms: readonly Atom[], shell: Shell): Word[] {
  const separators = fieldSeparators(shell);
  const fields: Field[] = [];
  let open: Field | null = null;
  const append = (piece: PatternChar | Unknown | null): void => {
    if (open === null) {
      open = { pieces: [] };
      fields.push(open);
    }
    if (piece !== null) open.pieces.push(piece);
  };
  for (const atom of atoms) {
    if (atom.kind === "boundary") open = null;
    else if (atom.kind === "quotes") append(null);
    else if (atom.kind === "hole") append(atom.splits ? { ...atom.hole, splits: true } : atom.hole);
    else if (!atom.splits) for (const char of atom.text) append({ char, active: atom.wild });
    else if (separators === null) append({ unknown: "split at an unknown IFS", splits: true });
    else {
      for (const char of atom.text) {
        if (!separators.includes(char)) append({ char, active: true });
        else if (isBlank(char)) open = null;
        else if (open === null) fields.push({ pieces: [] });
        else open = null;
      }
    }
  }
  return fields.flatMap((field) => globbed(field, shell));
}

function globbed(field: Field, shell: Shell): Word[] {
  const plain = concat(field.pieces.map((piece) => ("char" in piece ? piece.char : piece)));
  const pattern = field.pieces.filter((piece): piece is PatternChar => "char" in piece);
  if (shell.state.noglob || !hasWildcard(pattern)) return [plain];
  const text = known(plain);
  if (text === null) return [[{ unknown: "a file pattern with unknown parts", splits: true }]];
  return matchingFiles(text, pattern, shell) ?? [plain];
}

/** The paths a pattern stands for, written as the script wrote its directory; null if no file matches. */
function matchingFiles(text: string, pattern: Pattern, shell: Shell): Word[] | null {
  const cut = [...text].lastIndexOf("/") + 1;
  const prefix = pattern
    .slice(0, cut)
    .map(({ char }) => char)
    .join("");
  const names = pattern.slice(cut);
  const unknown = (reason: string): Word[] => [[{ unknown: `the files matching ${text} (${reason})`, splits: true }]];
  if (hasWildcard(pattern.slice(0, cut))) return unknown("a pattern in the folder's name");
  const directory = fullPath(prefix === "" ? "." : prefix, shell.state.workingDir);
  if (directory === null) return unknown("the working directory is not known");
  const listing = filesOf(shell).list(directory);
  if (listing.kind === "unknown") return unknown(listing.reason);
  const found: Word[] = [];
  for (const path of listing.paths) {
    const name = fileName(path);
    if (directoryOf(path) !== directory || (name.startsWith(".") && names[0]?.char !== ".")) continue;
    const fits = matches(names, name);
    if (fits === null) return unknown("a pattern this reader does not know");
    if (fits) found.push([prefix + name]);
  }
  return found.length === 0 ? null : found;
}

/** The characters of IFS; null if they cannot be known. Shells do not take IFS from the environment. */
function fieldSeparators(shell: Shell): string | null {
  const variable = shell.state.variables.get("IFS");
  if (variable === undefined) return shell.state.anything === null ? " \t\n" : null;
  if (variable.value.kind === "unset") return " \t\n";
  return variable.value.kind === "word" ? known(variable.value.word) : null;
}

function isBlank(char: string): boolean {
  return char === " " || char === "\t" || char === "\n";
}

/** An expanded value as atoms: inside quotes it stays one piece. */
export function wordAtoms(word: Word, quoted: boolean): Atom[] {
  return word.map((piece): Atom => {
    if (typeof piece === "string") return { kind: "text", text: piece, splits: !quoted, wild: !quoted };
    return { kind: "hole", hole: piece, splits: !quoted };
  });
}

/** Atoms as a pattern: what was quoted stands for itself. Null if a part is unknown. */
export function toPattern(atoms: readonly Atom[]): Pattern | null {
  const pattern: PatternChar[] = [];
  for (const atom of atoms) {
    if (atom.kind === "hole") return null;
    if (atom.kind === "text") for (const char of atom.text) pattern.push({ char, active: atom.wild });
  }
  return pattern;
}

export function holeAtom(reason: string, quoted: boolean): Atom {
  return wordAtoms(unknownWord(reason), quoted)[0] ?? { kind: "quotes" };
}
