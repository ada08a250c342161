import { forEachChild, type ParsedScript, type SyntaxNode, type Word as WordNode, type WordPart } from "unbash";
import type { Word } from "../model/run.ts";
import { arithmetic } from "./arithmetic.ts";
import { report, type Shell } from "./engine.ts";
import { type Atom, holeAtom, joinAtoms, toFields, toPattern, wordAtoms } from "./fields.ts";
import { type Expand, parameterAtoms } from "./parameters.ts";
import type { Pattern } from "./patterns.ts";
import { originAt, revive } from "./source.ts";
import { lookUp, scalar } from "./variables.ts";
import { heldBy, readFile } from "./virtual-files.ts";
import { concat, known, unknownWord } from "./words.ts";

/** How a word stands: alone (splits), inside quotes, or as the operand of `${x:-…}` (its literals split too). */
type Place = "alone" | "quoted" | "operand";

/** The arguments a word becomes. */
export function expandFields(word: WordNode, shell: Shell): Word[] {
  return toFields(atomsOf(word, shell, "alone"), shell);
}

/** The one value a word has where nothing is split (assignment, redirection target, case subject). */
export function expandText(word: WordNode, shell: Shell): Word {
  return joinAtoms(atomsOf(word, shell, "alone"));
}

/** A word as a pattern; null if a part of it is unknown. */
export function expandPattern(word: WordNode, shell: Shell): Pattern | null {
  return toPattern(atomsOf(word, shell, "alone"));
}

/** The parts of a here-document whose delimiter was not quoted. */
export function expandParts(parts: readonly WordPart[], shell: Shell): Word {
  return joinAtoms(parts.flatMap((part) => partAtoms(part, shell, "quoted")));
}

/** Runs the command substitutions below a node that has no other meaning here. */
export function visitSubstitutions(node: SyntaxNode, shell: Shell): void {
  if (node.type === "CommandExpansion" || node.type === "ArithmeticCommandExpansion") {
    if (node.script !== undefined) shell.engine.substitute(node.script, shell);
  } else if (node.type === "ProcessSubstitution") runProcessSubstitution(node, shell);
  else forEachChild(node, (child) => visitSubstitutions(child, shell));
}

const expandOperand: Expand = (word, shell, quoted) => atomsOf(word, shell, quoted ? "quoted" : "operand");

function atomsOf(word: WordNode, shell: Shell, place: Place): Atom[] {
  const parts = word.parts ?? [{ type: "Literal", pos: word.pos, end: word.end, value: word.value, text: word.text }];
  const atoms = parts.flatMap((part) => partAtoms(part, shell, place));
  return place !== "quoted" && word.text.startsWith("~") ? withHome(atoms, word.text, shell) : atoms;
}

function partAtoms(part: WordPart, shell: Shell, place: Place): Atom[] {
  const quoted = place === "quoted";
  switch (part.type) {
    case "Literal":
      return literalAtoms(revive(part.value, shell.source), place);
    case "Glob":
      return globAtoms(part, shell, quoted);
    case "SingleQuoted":
      return [{ kind: "quotes" }, ...wordAtoms(revive(part.value, shell.source), true)];
    case "AnsiCQuoted":
      return [{ kind: "quotes" }, ...ansiQuoted(part.value, shell)];
    case "DoubleQuoted":
      return doubleQuoted(part.parts, shell);
    case "SimpleExpansion":
      return simpleAtoms(part.text.slice(1), shell, quoted);
    case "ParameterExpansion":
      visitUnworked(part, shell);
      return parameterAtoms(part, shell, quoted, expandOperand);
    case "CommandExpansion":
      return wordAtoms(commandOutput(part, shell), quoted);
    case "ArithmeticExpansion":
      visitSubstitutions(part, shell);
      return wordAtoms(arithmetic(part.expression, shell), quoted);
    case "ProcessSubstitution":
      runProcessSubstitution(part, shell);
      return [holeAtom("a process substitution", true)];
    case "LocaleString":
    case "ExtendedGlob":
    case "BraceExpansion":
      visitSubstitutions(part, shell);
      return [holeAtom(`${revivedText(part.text, shell)}, which shells read differently`, quoted)];
  }
}

/** `[$(date)]` looks like a set of characters, and its commands run. */
function globAtoms(part: Extract<WordPart, { type: "Glob" }>, shell: Shell, quoted: boolean): Atom[] {
  visitSubstitutions(part, shell);
  if (/[$`]/.test(part.value)) return [holeAtom(`${part.value}, a pattern with an expansion in it`, quoted)];
  return [{ kind: "text", text: part.value, splits: false, wild: !quoted }];
}

/** The forms whose value is not worked out run the commands in them all the same. */
function visitUnworked(part: Extract<WordPart, { type: "ParameterExpansion" }>, shell: Shell): void {
  const { operation } = part;
  if (operation !== undefined && operation.type !== "Default" && operation.type !== "Remove") {
    visitSubstitutions(operation, shell);
  }
}

/** `<( … )` prints into a file that is read; `>( … )` reads whatever is written into one, which is not followed. */
function runProcessSubstitution(part: Extract<WordPart, { type: "ProcessSubstitution" }>, shell: Shell): void {
  if (part.script === undefined) return;
  const { input } = shell;
  if (part.operator === ">") shell.input = { current: { kind: "unknown", reason: "what is written into >( … )" } };
  shell.engine.substitute(part.script, shell);
  shell.input = input;
}

/** Literal text never splits, except as an operand; an unknown piece pasted into it by Kubernetes does. */
function literalAtoms(word: Word, place: Place): Atom[] {
  if (place === "operand") return wordAtoms(word, false);
  return wordAtoms(word, place === "quoted").map(
    (atom): Atom => (atom.kind === "text" ? { ...atom, splits: false, wild: false } : atom),
  );
}

/** `"$@"` alone in quotes is no argument at all when there is none; any other pair of quotes is at least an empty one. */
function doubleQuoted(parts: readonly WordPart[], shell: Shell): Atom[] {
  const atoms = parts.flatMap((part) => partAtoms(part, shell, "quoted"));
  const vanishes = parts.length > 0 && parts.every(isAllArguments);
  return vanishes ? atoms : [{ kind: "quotes" }, ...atoms];
}

function isAllArguments(part: WordPart): boolean {
  if (part.type === "SimpleExpansion") return part.text === "$@";
  return part.type === "ParameterExpansion" && (part.parameter === "@" || part.index?.text === "@");
}

function simpleAtoms(name: string, shell: Shell, quoted: boolean): Atom[] {
  const value = lookUp(shell, name);
  if (value.kind !== "list" || (name !== "@" && name !== "*")) return wordAtoms(scalar(value), quoted);
  return listAtoms(value.items, quoted, name === "*", shell);
}

/** The items of "$@" as separate arguments; those of "$*" joined by IFS, which is a blank unless the script sets it. */
function listAtoms(items: readonly Word[], quoted: boolean, star: boolean, shell: Shell): Atom[] {
  if (star && quoted) {
    if (shell.state.variables.has("IFS")) return [holeAtom('"$*" with IFS changed', true)];
    return wordAtoms(concat(...items.flatMap((item, at) => (at === 0 ? [item] : [[" "], item]))), true);
  }
  return items.flatMap((item, at): Atom[] => [
    ...(at === 0 ? [] : [{ kind: "boundary" } as const]),
    ...(quoted ? [{ kind: "quotes" } as const] : []),
    ...wordAtoms(item, quoted),
  ]);
}

/** What a command substitution gives: the output without the newlines at its end. */
function commandOutput(part: Extract<WordPart, { type: "CommandExpansion" }>, shell: Shell): Word {
  if (part.script === undefined) {
    report(shell, "a command substitution that cannot be read", "unreadable", originAt(shell.source, part.pos));
    return unknownWord("a command substitution that cannot be read");
  }
  const file = onlyInput(part.script);
  if (file !== null) return withoutLastNewlines(heldBy(readFile(shell, expandText(file, shell))));
  return withoutLastNewlines(shell.engine.substitute(part.script, shell).output);
}

/** `$(< file)` is the file's text in bash; dash makes it empty, which can only be less. */
function onlyInput({ commands }: ParsedScript): WordNode | null {
  const command = commands.length === 1 ? commands[0]?.command : undefined;
  if (command?.type !== "Command" || command.name !== undefined || command.suffix.length > 0) return null;
  const [redirect, ...more] = command.prefix;
  const isInput = redirect?.type === "Redirect" && redirect.operator === "<" && redirect.descriptor === undefined;
  return isInput && more.length === 0 ? (redirect.target ?? null) : null;
}

function withoutLastNewlines(word: Word): Word {
  const last = word.at(-1);
  if (typeof last !== "string") return word;
  let end = last.length;
  while (end > 0 && last[end - 1] === "\n") end -= 1;
  return concat(word.slice(0, -1), [last.slice(0, end)]);
}

/** `$'…'` is bash's; dash takes it for a dollar and plain quotes. */
function ansiQuoted(value: string, shell: Shell): Atom[] {
  const plain = revive(value, shell.source);
  return wordAtoms(shell.bash ? plain : unknownWord("$'…', which shells read differently"), true);
}

function withHome(atoms: readonly Atom[], text: string, shell: Shell): Atom[] {
  const [first, ...rest] = atoms;
  const slash = text === "~" || text.startsWith("~/");
  if (first?.kind !== "text" || !slash) return [holeAtom("a user's home directory", true), ...rest];
  const home = scalar(lookUp(shell, "HOME"));
  return [...wordAtoms(home, true), { ...first, text: first.text.slice(1) }, ...rest];
}

function revivedText(text: string, shell: Shell): string {
  return known(revive(text, shell.source)) ?? "an expansion";
}
