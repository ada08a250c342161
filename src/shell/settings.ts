import type { Word } from "../model/run.ts";
import { type Builtin, report, type Shell, silent } from "./engine.ts";
import { fullPath } from "./paths.ts";
import { assign, forgetVariables } from "./variables.ts";
import { known, text, unknownWord } from "./words.ts";

/** set: options of the shell, and new positional parameters. */
export const set: Builtin = (args, shell) => {
  const left = afterFlags(args, shell);
  const [first, ...rest] = args.slice(left);
  if (first === undefined) return silent("success");
  if (known(first) === null) return unknownSettings(shell);
  shell.state.positional = allCertain(known(first) === "--" ? rest : [first, ...rest]);
  return silent("success");
};

/** Applies the options in front; where the other arguments begin. */
function afterFlags(args: readonly Word[], shell: Shell): number {
  for (let at = 0; at < args.length; at += 1) {
    const flags = known(args[at] ?? []);
    if (flags === null || !isFlags(flags)) return at;
    const named = flags.includes("o");
    applyFlags(shell, flags, named ? known(args[at + 1] ?? []) : null);
    if (named) at += 1;
  }
  return args.length;
}

function isFlags(word: string): boolean {
  return word !== "--" && (word.startsWith("-") || word.startsWith("+"));
}

/** `-eu`, `+e`, `-o pipefail`, as `set` and as an option of sh take them. */
export function applyFlags(shell: { state: Shell["state"] }, flags: string, option: string | null): void {
  const on = flags.startsWith("-");
  const has = (letter: string, name: string): boolean => flags.slice(1).includes(letter) || option === name;
  const { state } = shell;
  if (has("e", "errexit")) state.errexit = on;
  if (has("f", "noglob")) state.noglob = on;
  if (has("a", "allexport")) state.allexport = on;
  if (option === "pipefail") state.pipefail = on;
}

function unknownSettings(shell: Shell): ReturnType<Builtin> {
  shell.state.errexit = false;
  shell.state.positional = null;
  return silent("success");
}

function allCertain(words: readonly Word[]): readonly Word[] | null {
  const open = words.some((word) => word.some((piece) => typeof piece !== "string" && piece.splits === true));
  return open ? null : words;
}

export const shift: Builtin = (args, shell) => {
  const count = known(args[0] ?? ["1"]);
  const { positional } = shell.state;
  const certain = positional !== null && count !== null && Number(count) >= 0 && Number(count) <= positional.length;
  shell.state.positional = certain ? positional.slice(Number(count)) : null;
  return silent("success");
};

export const unset: Builtin = (args, shell, _context, call) => {
  const words = args.map(known);
  const names = words.filter((name): name is string => name?.startsWith("-") === false);
  if (words.includes("-f")) for (const name of names) shell.state.functions.delete(name);
  else for (const name of names) assign(shell, name, { kind: "unset" }, call.origin);
  if (words.includes(null)) forgetVariables(shell, "unset by an unknown name");
  return silent("success");
};

/** Options of bash that change what patterns and names mean. */
export const shopt: Builtin = (args, shell, _context, call) => {
  const options = args.map((arg) => text(arg)).filter((arg) => !arg.startsWith("-"));
  const harmless = new Set(["inherit_errexit", "expand_aliases", "lastpipe"]);
  for (const option of options) {
    if (!harmless.has(option))
      report(shell, `the shell option ${option} changes how the script is read`, "dynamic", call.origin);
  }
  return silent("unknown");
};

/** cd: where it may fail and the script goes on all the same, the directory is known no more. */
export const changeDirectory: Builtin = (args, shell, context) => {
  const target = args.filter((arg) => known(arg) !== "--" && known(arg) !== "-P" && known(arg) !== "-L")[0];
  const name = target === undefined ? null : known(target);
  const path = name === null || name === "-" || name === "" ? null : fullPath(name, shell.state.workingDir);
  if (path === null) {
    shell.state.workingDir = unknownWord("the working directory is not known");
    return silent("unknown");
  }
  const exists = shell.session.files.list(path).kind === "known";
  const ends = context.final || context.guarded || shell.state.errexit;
  shell.state.workingDir = exists || ends ? [path] : unknownWord(`cd ${path} may fail`);
  return silent(exists ? "success" : "unknown");
};
