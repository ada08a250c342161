import type { Origin, Word } from "../model/run.ts";
import { type Builtin, report, type Shell, silent } from "./engine.ts";
import { assign, exportName, forgetVariables, setWord, unknownValue } from "./variables.ts";
import { known } from "./words.ts";

type Kind = "export" | "readonly" | "declare" | "local";

/** export, readonly, declare, typeset, local. Attributes that change what is stored make the name unknown for good. */
export function declare(kind: Kind): Builtin {
  return (args, shell, _context, call) => {
    const letters = lettersOf(args);
    if (kind === "export" && letters.has("f")) report(shell, HANDED_ON, "untrusted", call.origin);
    if (kind !== "export" && letters.has("n")) forgetVariables(shell, "reached through a reference (declare -n)");
    for (const arg of args.filter((word) => !isFlag(word))) declareOne(kind, letters, arg, shell, call.origin);
    return silent("success");
  };
}

const HANDED_ON = "a function is handed to the programs that run: they may run it in place of a command";

function lettersOf(args: readonly Word[]): ReadonlySet<string> {
  return new Set(args.filter(isFlag).flatMap((flag) => [...(known(flag) ?? "").slice(1)]));
}

function declareOne(kind: Kind, letters: ReadonlySet<string>, arg: Word, shell: Shell, origin: Origin): void {
  const { name, value } = splitAssignment(arg);
  if (name === null) {
    forgetVariables(shell, "set by a declaration with an unknown name");
    return;
  }
  if (kind === "local" || (kind === "declare" && !letters.has("g"))) hide(shell, name, value, origin);
  if (value !== null) setWord(shell, name, value, origin);
  applyAttributes(kind, letters, name, shell);
}

function applyAttributes(kind: Kind, letters: ReadonlySet<string>, name: string, shell: Shell): void {
  if (kind === "export" || letters.has("x")) exportName(shell, name, !letters.has("n"));
  if (kind !== "export" && CHANGES_VALUES.some((letter) => letters.has(letter))) shell.state.untracked.add(name);
  if (kind === "readonly" || letters.has("r")) freeze(shell, name);
}

/** integer, lower and upper case, arrays */
const CHANGES_VALUES = ["i", "l", "u", "A", "a", "c"];

/** A function's own variable: empty until set (some shells keep the outer value: then it is unknown). */
function hide(shell: Shell, name: string, value: Word | null, origin: Origin): void {
  const scope = shell.scopes.at(-1);
  if (scope === undefined) return;
  const certain = shell.undecided <= scope.undecided;
  if (!scope.hidden.has(name)) scope.hidden.set(name, { before: shell.state.variables.get(name), certain });
  if (value === null) assign(shell, name, unknownValue(`${name}, a local variable that is not set yet`), origin);
}

function freeze(shell: Shell, name: string): void {
  const variable = shell.state.variables.get(name);
  if (variable !== undefined) shell.state.variables.set(name, { ...variable, frozen: true });
}

function isFlag(arg: Word): boolean {
  const text = known(arg);
  return text !== null && (text.startsWith("-") || text.startsWith("+"));
}

/** `NAME=value` as name and value; a null name where unknown pieces may hold it. */
export function splitAssignment(word: Word): { readonly name: string | null; readonly value: Word | null } {
  const [first, ...rest] = word;
  if (typeof first !== "string") return { name: null, value: null };
  const cut = first.indexOf("=");
  if (cut === -1) return { name: rest.length === 0 ? first : null, value: null };
  const beginning = first.slice(cut + 1);
  return { name: first.slice(0, cut), value: beginning === "" ? rest : [beginning, ...rest] };
}
