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

/** Fields as they grow; null ends the one being written. */
interface Splitting {
  readonly fields: Field[];
  open: Field | null;
}

/** The arguments a word becomes: split at IFS, wildcards replaced by the files they match. */
export function toFields(atoms: readonly Atom[], shell: Shell): Word[] {
  const separators = fieldSeparators(shell);
  const splitting: Splitting = { fields: [], open: null };
  for (const atom of atoms) addAtom(splitting, atom, separators);
  return splitting.fields.flatMap((field) => globbed(field, shell));
}

function addAtom(splitting: Splitting, atom: Atom, separators: string | null): void {
  if (atom.kind === "boundary") splitting.open = null;
  else if (atom.kind === "quotes") append(splitting, null);
  else if (atom.kind === "hole") append(splitting, atom.splits ? { ...atom.hole, splits: true } : atom.hole);
  else if (!atom.splits) addText(splitting, atom.text, atom.wild, "");
  else if (separators !== null) addText(splitting, atom.text, atom.wild, separators);
  else append(splitting, { unknown: "split at an unknown IFS", splits: true });
}

function addText(splitting: Splitting, text: string, wild: boolean, separators: string): void {
  for (const char of text) {
    if (separators.includes(char)) addSeparator(splitting, char);
    else append(splitting, { char, active: wild });
  }
}

/** Blanks of IFS end a field; any other of its characters ends one even if it is empty. */
function addSeparator(splitting: Splitting, char: string): void {
  if (isBlank(char) || splitting.open !== null) splitting.open = null;
  else splitting.fields.push({ pieces: [] });
}

function append(splitting: Splitting, piece: PatternChar | Unknown | null): void {
  if (splitting.open === null) {
    splitting.open = { pieces: [] };
    splitting.fields.push(splitting.open);
  }
  if (piece !== null) splitting.open.pieces.push(piece);
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
  const cut = pattern.findLastIndex(({ char }) => char === "/") + 1;
  const prefix = textOf(pattern.slice(0, cut));
  const unknown = (reason: string): Word[] => [[{ unknown: `the files matching ${text} (${reason})`, splits: true }]];
  if (hasWildcard(pattern.slice(0, cut))) return unknown("a pattern in the folder's name");
  const directory = fullPath(prefix === "" ? "." : prefix, shell.state.workingDir);
  if (directory === null) return unknown("the working directory is not known");
  const listing = filesOf(shell).list(directory);
  if (listing.kind === "unknown") return unknown(listing.reason);
  const names = listing.paths.filter((path) => directoryOf(path) === directory).map(fileName);
  const fitting = fittingNames(names, pattern.slice(cut));
  if (fitting === null) return unknown("a pattern this reader does not know");
  return fitting.length === 0 ? null : fitting.map((name) => [prefix + name]);
}

/** Names that begin with a dot match only a pattern that does; null if the pattern is not modelled. */
function fittingNames(names: readonly string[], pattern: Pattern): string[] | null {
  const found: string[] = [];
  for (const name of names) {
    if (name.startsWith(".") && pattern[0]?.char !== ".") continue;
    const fits = matches(pattern, name);
    if (fits === null) return null;
    if (fits) found.push(name);
  }
  return found;
}

function textOf(pattern: Pattern): string {
  return pattern.map(({ char }) => char).join("");
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
