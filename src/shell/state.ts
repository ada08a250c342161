import type { Function as FunctionNode } from "unbash";
import type { FileReading, Word } from "../model/run.ts";
import type { Source } from "./source.ts";
import { sameWord, unknownWord } from "./words.ts";

/** What a variable holds: a value, the items of a simple array, or surely nothing. */
export type Value =
  | { readonly kind: "word"; readonly word: Word }
  | { readonly kind: "list"; readonly items: readonly Word[] }
  | { readonly kind: "unset" };

export interface Variable {
  readonly value: Value;
  readonly exported: boolean;
  /** readonly: a later assignment fails, and what follows depends on the shell */
  readonly frozen?: true;
}

/** A function's body with the text its positions point into. */
export interface ShellFunction {
  readonly node: FunctionNode;
  readonly source: Source;
}

/** Every body a name may have here; `certain` if one of them surely is defined. */
export interface Definition {
  readonly bodies: readonly ShellFunction[];
  readonly certain: boolean;
}

/** All that one way through a script has made of the shell. Changed in place; `fork` before a branch, `join` after it. */
export interface State {
  variables: Map<string, Variable>;
  /** names whose attributes (integer, reference, case) change what an assignment stores */
  untracked: Set<string>;
  functions: Map<string, Definition>;
  /** files the script wrote, by full path */
  files: Map<string, FileReading>;
  /** "$1"…; null if they cannot be known */
  positional: readonly Word[] | null;
  scriptName: Word;
  workingDir: Word;
  errexit: boolean;
  pipefail: boolean;
  noglob: boolean;
  /** set -a: whatever is assigned is exported */
  allexport: boolean;
  /** set once something unreadable may have set any variable */
  anything: string | null;
}

export function fork(state: State): State {
  return {
    ...state,
    variables: new Map(state.variables),
    untracked: new Set(state.untracked),
    functions: new Map(state.functions),
    files: new Map(state.files),
  };
}

/** What holds whichever of two ways was taken; `reason` explains what differs. */
export function join(a: State, b: State, reason: string): State {
  return {
    variables: joinVariables(a, b, reason),
    untracked: new Set([...a.untracked, ...b.untracked]),
    functions: joinFunctions(a.functions, b.functions),
    files: joinFiles(a.files, b.files, reason),
    positional: samePositional(a.positional, b.positional) ? a.positional : null,
    scriptName: a.scriptName,
    workingDir: sameWord(a.workingDir, b.workingDir) ? a.workingDir : unknownWord(`the working directory is ${reason}`),
    errexit: a.errexit && b.errexit,
    pipefail: a.pipefail && b.pipefail,
    noglob: a.noglob && b.noglob,
    allexport: a.allexport || b.allexport,
    anything: a.anything ?? b.anything,
  };
}

/** Whether joining changes nothing any more: the end of looking at a loop again. */
export function sameState(a: State, b: State): boolean {
  return (
    a.anything === b.anything &&
    a.errexit === b.errexit &&
    a.variables.size === b.variables.size &&
    a.files.size === b.files.size &&
    a.functions.size === b.functions.size &&
    a.untracked.size === b.untracked.size &&
    samePositional(a.positional, b.positional) &&
    sameWord(a.workingDir, b.workingDir) &&
    [...a.variables].every(([name, variable]) => sameVariable(variable, b.variables.get(name))) &&
    [...a.files].every(([path, file]) => sameFile(file, b.files.get(path))) &&
    [...a.functions].every(([name, definition]) => sameDefinition(definition, b.functions.get(name)))
  );
}

function joinVariables(a: State, b: State, reason: string): Map<string, Variable> {
  const joined = new Map<string, Variable>();
  for (const name of new Set([...a.variables.keys(), ...b.variables.keys()])) {
    const left = a.variables.get(name);
    const right = b.variables.get(name);
    const exported = (left?.exported ?? false) || (right?.exported ?? false);
    if (left !== undefined && right !== undefined && sameValue(left.value, right.value)) {
      joined.set(name, { value: left.value, exported });
    } else {
      joined.set(name, { value: { kind: "word", word: unknownWord(`${name} is ${reason}`) }, exported });
    }
  }
  return joined;
}

function joinFunctions(a: State["functions"], b: State["functions"]): Map<string, Definition> {
  const joined = new Map<string, Definition>();
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    joined.set(name, joinDefinitions(a.get(name) ?? UNDEFINED, b.get(name) ?? UNDEFINED));
  }
  return joined;
}

const UNDEFINED: Definition = { bodies: [], certain: false };

function joinDefinitions(a: Definition, b: Definition): Definition {
  const added = b.bodies.filter((body) => !a.bodies.some((other) => other.node === body.node));
  return { bodies: [...a.bodies, ...added], certain: a.certain && b.certain };
}

function joinFiles(a: State["files"], b: State["files"], reason: string): Map<string, FileReading> {
  const joined = new Map<string, FileReading>();
  for (const path of new Set([...a.keys(), ...b.keys()])) {
    const left = a.get(path);
    const same = left !== undefined && sameFile(left, b.get(path));
    joined.set(path, same ? left : { kind: "unknown", reason: `${path} is ${reason}` });
  }
  return joined;
}

function sameFile(a: FileReading, b: FileReading | undefined): boolean {
  if (b === undefined || a.kind !== b.kind) return false;
  return a.kind === "text" && b.kind === "text" ? sameWord(a.text, b.text) : true;
}

function sameVariable(a: Variable, b: Variable | undefined): boolean {
  return b !== undefined && a.exported === b.exported && sameValue(a.value, b.value);
}

function sameValue(a: Value, b: Value): boolean {
  if (a.kind === "word" && b.kind === "word") return sameWord(a.word, b.word);
  if (a.kind === "list" && b.kind === "list") return sameWords(a.items, b.items);
  return a.kind === "unset" && b.kind === "unset";
}

function sameDefinition(a: Definition, b: Definition | undefined): boolean {
  return b !== undefined && a.certain === b.certain && a.bodies.length === b.bodies.length;
}

function samePositional(a: readonly Word[] | null, b: readonly Word[] | null): boolean {
  return a === null || b === null ? a === b : sameWords(a, b);
}

function sameWords(a: readonly Word[], b: readonly Word[]): boolean {
  return a.length === b.length && a.every((word, at) => sameWord(word, b[at] ?? []));
}

/** A shell as it starts: the container's environment is exported, everything else unset. */
export function newState(
  env: ReadonlyMap<string, Word>,
  scriptName: Word,
  positional: readonly Word[] | null,
  workingDir: Word,
): State {
  const variables = new Map<string, Variable>();
  for (const [name, word] of env) variables.set(name, { value: { kind: "word", word }, exported: true });
  return {
    variables,
    untracked: new Set(),
    functions: new Map(),
    files: new Map(),
    positional,
    scriptName,
    workingDir,
    errexit: false,
    pipefail: false,
    noglob: false,
    allexport: false,
    anything: null,
  };
}
