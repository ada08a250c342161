import type { ParameterExpansionPart, ParameterOperation, Word as WordNode } from "unbash";
import type { Word } from "../model/run.ts";
import type { Shell } from "./engine.ts";
import { type Atom, holeAtom, toPattern, wordAtoms } from "./fields.ts";
import { matches, type Pattern } from "./patterns.ts";
import { originAt } from "./source.ts";
import { fork, join, type Value } from "./state.ts";
import { assign, lookUp, scalar, setWord, unknownValue } from "./variables.ts";
import { known, unknownWord, whyUnknown } from "./words.ts";

/** Expansion of an operand, handed in because it may hold parameters itself. */
export type Expand = (word: WordNode, shell: Shell, quoted: boolean) => Atom[];

/** `${…}` in all the forms that can be known; the others are unknown. */
export function parameterAtoms(part: ParameterExpansionPart, shell: Shell, quoted: boolean, expand: Expand): Atom[] {
  if (part.prefix === "!") return [holeAtom(`${part.text}, an indirect variable`, quoted)];
  const value = indexed(part, lookUp(shell, part.parameter), shell, expand);
  if (part.prefix === "#") return wordAtoms(lengthOf(value, isAll(part)), quoted);
  if (part.operation !== undefined) return operated(part, part.operation, value, shell, quoted, expand);
  return ownAtoms(part, value, quoted);
}

/** The value an index picks; whole lists stay lists. */
function indexed(part: ParameterExpansionPart, value: Value, shell: Shell, expand: Expand): Value {
  if (part.index === undefined || part.index.text === "@" || part.index.text === "*") return value;
  const at = toPattern(expand(part.index, shell, true))
    ?.map(({ char }) => char)
    .join("");
  const index = Number(at);
  if (value.kind !== "list" || at === undefined || !Number.isInteger(index) || index < 0) {
    return unknownValue(`${part.text}, an item of an array`);
  }
  const item = value.items[index];
  return item === undefined ? { kind: "unset" } : { kind: "word", word: item };
}

function isAll(part: ParameterExpansionPart): boolean {
  const index = part.index?.text;
  return part.parameter === "@" || part.parameter === "*" || index === "@" || index === "*";
}

function itemAtoms(items: readonly Word[], quoted: boolean, part: ParameterExpansionPart): Atom[] {
  const star = part.parameter === "*" || part.index?.text === "*";
  if (star && quoted) return [holeAtom(part.text, true)];
  return items.flatMap((item, at): Atom[] => [
    ...(at === 0 ? [] : [{ kind: "boundary" } as const]),
    ...(quoted ? [{ kind: "quotes" } as const] : []),
    ...wordAtoms(item, quoted),
  ]);
}

/** Characters or bytes, depending on the locale: known for ASCII only. */
function lengthOf(value: Value, all: boolean): Word {
  if (value.kind === "list" && all) return [String(value.items.length)];
  const text = known(scalar(value));
  const ascii = text !== null && [...text].every((char) => char < "\u0080");
  return ascii ? [String(text.length)] : unknownWord("the length of a value");
}

function operated(
  part: ParameterExpansionPart,
  operation: ParameterOperation,
  value: Value,
  shell: Shell,
  quoted: boolean,
  expand: Expand,
): Atom[] {
  if (operation.type === "Default") return defaulted(part, operation, value, shell, quoted, expand);
  if (operation.type === "Remove" && !isAll(part)) {
    const pattern = toPattern(expand(operation.operand, shell, false));
    return wordAtoms(trimmed(scalar(value), pattern, operation.operator), quoted);
  }
  return [holeAtom(`${part.text}, which this reader does not work out`, quoted)];
}

type DefaultOperation = Extract<ParameterOperation, { type: "Default" }>;

/** `:-`, `-`, `=`, `:=`, `+`, `:+`, `?`, `:?`. Where it is unknown whether the variable is set, so is the result. */
function defaulted(
  part: ParameterExpansionPart,
  operation: DefaultOperation,
  value: Value,
  shell: Shell,
  quoted: boolean,
  expand: Expand,
): Atom[] {
  const there = isThere(value, operation.operator.startsWith(":"), isAll(part));
  const wants = operation.operator.endsWith("+");
  if (there === null) {
    visitOperand(operation.operand, shell, quoted, expand);
    return [holeAtom(whyUnknown(scalar(value)) || part.text, quoted)];
  }
  const atoms = there === wants ? expand(operation.operand, shell, quoted) : null;
  if (wants) return atoms ?? [];
  if (there) return ownAtoms(part, value, quoted);
  // `?` ends the script instead
  if (operation.operator.endsWith("?") || atoms === null) return [];
  if (operation.operator.endsWith("=")) store(part, atoms, shell);
  return atoms;
}

function ownAtoms(part: ParameterExpansionPart, value: Value, quoted: boolean): Atom[] {
  const all = value.kind === "list" && isAll(part);
  return all ? itemAtoms(value.items, quoted, part) : wordAtoms(scalar(value), quoted);
}

/** Whether the variable counts as set; an unknown value may be empty unless a known piece is in it. */
function isThere(value: Value, emptyCounts: boolean, all: boolean): boolean | null {
  if (value.kind === "unset") return false;
  if (value.kind === "list") return hasItems(value.items.length, all);
  const text = known(value.word);
  if (text !== null) return emptyCounts ? text !== "" : true;
  return value.word.some((piece) => typeof piece === "string" && piece !== "") ? true : null;
}

/** Of one item, or of the first alone, it depends on what it holds. */
function hasItems(count: number, all: boolean): boolean | null {
  if (count === 0) return false;
  return all && count > 1 ? true : null;
}

/** The operand may or may not be expanded: its commands are seen, what it sets is not relied on. */
function visitOperand(operand: WordNode, shell: Shell, quoted: boolean, expand: Expand): void {
  const before = fork(shell.state);
  expand(operand, shell, quoted);
  shell.state = join(before, shell.state, "set by a default that may not be used");
}

function store(part: ParameterExpansionPart, atoms: readonly Atom[], shell: Shell): void {
  const pattern = toPattern(atoms);
  const origin = originAt(shell.source, part.pos);
  if (pattern === null) assign(shell, part.parameter, unknownValue(`${part.parameter} has an unknown default`), origin);
  else setWord(shell, part.parameter, [pattern.map(({ char }) => char).join("")], origin);
}

/** `%`, `%%`, `#`, `##`: the shortest or longest matching end or beginning is cut off. */
function trimmed(word: Word, pattern: Pattern | null, operator: "#" | "##" | "%" | "%%"): Word {
  const text = known(word);
  if (text === null) return word.length === 0 ? [] : unknownWord(whyUnknown(word));
  if (pattern === null || text.length > 1024) return unknownWord("a value cut at an unknown pattern");
  const fromStart = operator.startsWith("#");
  const sizes = Array.from({ length: text.length + 1 }, (_, size) => size);
  if (operator.length === 2) sizes.reverse();
  const part = (size: number): string => (fromStart ? text.slice(0, size) : text.slice(text.length - size));
  if (matches(pattern, "") === null) return unknownWord("a value cut at an unknown pattern");
  const size = sizes.find((each) => matches(pattern, part(each)) === true) ?? 0;
  return [fromStart ? text.slice(size) : text.slice(0, text.length - size)];
}
