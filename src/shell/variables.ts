import type { Origin, Word } from "../model/run.ts";
import { anyVariable } from "../model/word.ts";
import { report, type Shell } from "./engine.ts";
import type { Value } from "./state.ts";
import { known, sameWord, unknownWord } from "./words.ts";

/** The shell itself gives these a value that changes from moment to moment. */
const CHANGING = new Set(
  "RANDOM SRANDOM SECONDS LINENO BASHPID PPID EPOCHSECONDS EPOCHREALTIME BASH_COMMAND FUNCNAME BASH_SOURCE PIPESTATUS REPLY OPTARG OPTIND _ UID EUID HOSTNAME SHLVL OLDPWD DIRSTACK BASH_REMATCH MAPFILE".split(
    " ",
  ),
);

/** With these set, the commands that run need not be the ones that are named. */
const BENDING = new Set(["PATH", "LD_PRELOAD", "LD_LIBRARY_PATH", "BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS"]);

/** The shell expands these before or after each command, command substitutions included. */
const PROMPTS = new Set(["PS4", "PROMPT_COMMAND"]);

/** What a name stands for. A variable nobody set is unknown: the image may set it. */
export function lookUp(shell: Shell, name: string): Value {
  const { state } = shell;
  const special = name.length === 1 || isNumber(name) ? specialParameter(shell, name) : null;
  if (special !== null) return special;
  if (CHANGING.has(name)) return unknownValue(`$${name} changes at run time`);
  if (name === "PWD") return { kind: "word", word: state.workingDir };
  if (state.untracked.has(name)) return unknownValue(`$${name} has attributes this reader does not follow`);
  // A Secret taken as a whole (envFrom) may define any name.
  const variable = state.variables.get(name) ?? state.variables.get(anyVariable);
  if (variable !== undefined) return variable.value;
  return unknownValue(state.anything ?? `$${name} is not set in the manifest, the image may set it`);
}

/** `scalar`: what `$name` gives for a list is its first item. */
export function scalar(value: Value): Word {
  if (value.kind === "word") return value.word;
  return value.kind === "list" ? (value.items[0] ?? []) : [];
}

export function assign(shell: Shell, name: string, value: Value, origin: Origin): void {
  const { state, session } = shell;
  session.assigned.add(name);
  if (BENDING.has(name)) reportBending(shell, name, value, origin);
  if (PROMPTS.has(name) && /`|\$\(/.test(known(scalar(value)) ?? "`")) {
    report(shell, `${name} is set to something that runs commands`, "untrusted", origin);
  }
  const before = state.variables.get(name);
  const exported = before?.exported ?? (state.allexport || BENDING.has(name));
  const stored = before?.frozen === true ? unknownValue(`${name} is readonly and assigned again`) : value;
  state.variables.set(name, { ...before, value: stored, exported });
}

/** A change of PATH that only adds folders behind the image's own finds no other program under a known name. */
export function reportBending(shell: Shell, name: string, value: Value, origin: Origin): void {
  if (!BENDING.has(name)) return;
  const before = scalar(lookUp(shell, name));
  const after = scalar(value);
  const kept = sameWord(before, after.slice(0, before.length));
  const added = after[before.length];
  const appended = name === "PATH" && kept && !isEmpty(before) && typeof added === "string" && added.startsWith(":");
  if (appended || (kept && after.length === before.length)) return;
  report(shell, `${name} is changed: other programs than the named ones may run`, "untrusted", origin);
}

export function setWord(shell: Shell, name: string, word: Word, origin: Origin): void {
  assign(shell, name, { kind: "word", word }, origin);
}

export function exportName(shell: Shell, name: string, exported: boolean): void {
  const variable = shell.state.variables.get(name);
  if (variable !== undefined) shell.state.variables.set(name, { ...variable, exported });
  else if (exported) shell.state.variables.set(name, { value: lookUp(shell, name), exported });
}

/** From here on any variable may hold anything. */
export function forgetVariables(shell: Shell, reason: string): void {
  const { state } = shell;
  state.anything = reason;
  state.positional = null;
  for (const [name, variable] of state.variables) {
    state.variables.set(name, { value: unknownValue(reason), exported: variable.exported });
  }
}

/** Exported variables as a program started now sees them. */
export function environment(shell: Shell, extra: ReadonlyMap<string, Word>): ReadonlyMap<string, Word> {
  const env = new Map<string, Word>();
  for (const [name, { value, exported }] of shell.state.variables) {
    if (exported && value.kind !== "unset")
      env.set(name, scalar(shell.state.untracked.has(name) ? lookUp(shell, name) : value));
  }
  for (const [name, word] of extra) env.set(name, word);
  return env;
}

function specialParameter(shell: Shell, name: string): Value | null {
  const { positional, scriptName } = shell.state;
  if (name === "0") return { kind: "word", word: scriptName };
  if (RUN_TIME.has(name)) return unknownValue(`$${name} is set at run time`);
  if (name !== "@" && name !== "*" && name !== "#" && !isNumber(name)) return null;
  if (positional === null) return unknownValue(`$${name}, the script's arguments`);
  if (name === "#") return { kind: "word", word: [String(positional.length)] };
  if (!isNumber(name)) return { kind: "list", items: positional };
  const word = positional[Number(name) - 1];
  return word === undefined ? { kind: "unset" } : { kind: "word", word };
}

const RUN_TIME = new Set(["?", "$", "!", "-"]);

export function unknownValue(reason: string): Value {
  return { kind: "word", word: unknownWord(reason) };
}

function isNumber(name: string): boolean {
  return name !== "" && [...name].every((char) => char >= "0" && char <= "9");
}

function isEmpty(word: Word): boolean {
  return known(word) === "";
}
