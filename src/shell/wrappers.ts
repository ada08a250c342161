import type { Word } from "../model/run.ts";
import { splitAssignment } from "./declarations.ts";
import { type Call, type Context, type Outcome, report, type Shell, silent } from "./engine.ts";
import { fullPath } from "./paths.ts";
import { inSubshell } from "./subshell.ts";
import { exportName, reportBending } from "./variables.ts";
import { known, unknownWord } from "./words.ts";

/** How a program that runs another one is called: options with a value, words before the command. */
interface Wrapper {
  readonly valued: readonly string[];
  readonly operands: number;
  /** what is seen of the inner command's environment */
  readonly assignments?: true;
  /** runs in the shell itself: builtins work */
  readonly inShell?: true;
  /** options with which nothing is run, or not what stands there */
  readonly refuses?: readonly string[];
}

const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  [
    "env",
    { valued: ["-u", "--unset", "-C", "--chdir"], operands: 0, assignments: true, refuses: ["-S", "--split-string"] },
  ],
  ["exec", { valued: ["-a"], operands: 0, inShell: true }],
  ["command", { valued: [], operands: 0, inShell: true }],
  ["builtin", { valued: [], operands: 0, inShell: true }],
  ["time", { valued: ["-f", "-o"], operands: 0 }],
  ["timeout", { valued: ["-s", "--signal", "-k", "--kill-after"], operands: 1 }],
  ["nice", { valued: ["-n", "--adjustment"], operands: 0 }],
  ["ionice", { valued: ["-c", "-n"], operands: 0 }],
  ["nohup", { valued: [], operands: 0 }],
  ["setsid", { valued: [], operands: 0 }],
  ["stdbuf", { valued: ["-i", "-o", "-e"], operands: 0 }],
  ["su-exec", { valued: [], operands: 1 }],
  ["gosu", { valued: [], operands: 1 }],
  ["sudo", { valued: ["-u", "-g", "-h", "-p", "-C"], operands: 0, assignments: true, refuses: ["-s", "-i"] }],
  ["doas", { valued: ["-u", "-C"], operands: 0, refuses: ["-s"] }],
  ["tini", { valued: ["-p", "-e"], operands: 0 }],
  ["dumb-init", { valued: ["-r"], operands: 0 }],
  ["flock", { valued: ["-w", "-E", "--timeout"], operands: 1, refuses: ["-c", "--command"] }],
  ["busybox", { valued: [], operands: 0 }],
  ["toybox", { valued: [], operands: 0 }],
]);

/** A program that runs another one: its command is read in its place. Null for any other program. */
export function unwrap(
  name: string,
  args: readonly Word[],
  shell: Shell,
  context: Context,
  call: Call,
): Outcome | null {
  if (name === "su" || name === "runuser") return switchUser(args, shell, context, call);
  const wrapper = WRAPPERS.get(name);
  if (wrapper === undefined) return null;
  const found = findCommand(wrapper, args);
  if (found === null) return null;
  if (isLookup(name, found.options) || found.argv.length === 0) return silent("unknown");
  for (const [variable, word] of found.env) reportBending(shell, variable, { kind: "word", word }, call.origin);
  const inner: Call = { ...call, env: new Map([...call.env, ...found.env]), programsOnly: true };
  if (name === "exec") return execute(found.argv, shell, context, inner);
  if (wrapper.inShell === true) return shell.engine.runCommand(found.argv, shell, context, inner);
  return inSubshell(shell, (sub) => {
    applyOptions(found.options, found.values, sub);
    return shell.engine.runCommand(found.argv, sub, context, inner);
  });
}

interface Found {
  readonly options: readonly string[];
  /** values of options, by option */
  readonly values: readonly { readonly option: string; readonly value: Word }[];
  readonly env: ReadonlyMap<string, Word>;
  readonly argv: readonly Word[];
}

/** Skips options, their values, operands and assignments. An unknown word counts as the command: its name is not known. */
function findCommand(wrapper: Wrapper, args: readonly Word[]): Found | null {
  const options: string[] = [];
  const values: { option: string; value: Word }[] = [];
  const env = new Map<string, Word>();
  let { operands } = wrapper;
  let open = true;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? [];
    const kind = kindOf(word, open, operands, wrapper);
    if (kind === "command") return { options, values, env, argv: args.slice(at) };
    if (kind === "refused") return null;
    if (kind === "end") open = false;
    else if (kind === "operand") operands -= 1;
    else if (kind === "assignment") setFrom(word, env);
    else {
      const option = known(word) ?? "";
      options.push(option);
      if (kind === "valued") {
        at += 1;
        values.push({ option, value: args[at] ?? [] });
      }
    }
  }
  return { options, values, env, argv: [] };
}

type ArgumentKind = "command" | "refused" | "end" | "operand" | "assignment" | "option" | "valued";

function kindOf(word: Word, open: boolean, operands: number, wrapper: Wrapper): ArgumentKind {
  const name = known(word);
  if (open && name !== null && name.length > 1 && name.startsWith("-")) return optionKind(name, wrapper);
  if (operands > 0) return "operand";
  const isAssignment = wrapper.assignments === true && splitAssignment(word).value !== null;
  return isAssignment ? "assignment" : "command";
}

function optionKind(name: string, wrapper: Wrapper): ArgumentKind {
  if (name === "--") return "end";
  if (wrapper.refuses?.some((option) => name === option || (option.length === 2 && name.startsWith(option))) === true) {
    return "refused";
  }
  return wrapper.valued.includes(name) ? "valued" : "option";
}

function setFrom(word: Word, env: Map<string, Word>): void {
  const { name, value } = splitAssignment(word);
  if (name !== null && value !== null) env.set(name, value);
}

/** `command -v psql` only looks the command up. */
function isLookup(name: string, options: readonly string[]): boolean {
  return name === "command" && options.some((option) => option.includes("v") || option.includes("V"));
}

/** env -i, -u and -C change what the command sees. */
function applyOptions(options: readonly string[], values: Found["values"], shell: Shell): void {
  if (options.includes("-i") || options.includes("-") || options.includes("--ignore-environment")) {
    for (const name of shell.state.variables.keys()) exportName(shell, name, false);
  }
  for (const { option, value } of values) {
    const text = known(value);
    if (option === "-u" || option === "--unset") exportName(shell, text ?? "", false);
    if (option === "-C" || option === "--chdir") {
      const path = text === null ? null : fullPath(text, shell.state.workingDir);
      shell.state.workingDir = path === null ? unknownWord("the working directory is not known") : [path];
    }
  }
}

/** exec ends the script with the command's own status. */
function execute(argv: readonly Word[], shell: Shell, context: Context, call: Call): Outcome {
  const outcome = shell.engine.runCommand(argv, shell, { ...context, final: context.final || !context.guarded }, call);
  if (shell.session.dead === 0) shell.session.jumps += 1;
  return outcome;
}

/** `su [-] user -c 'script'`, `runuser -u user -- command`. */
function switchUser(args: readonly Word[], shell: Shell, context: Context, call: Call): Outcome | null {
  const words = args.map(known);
  const script = args[words.findIndex((word) => word === "-c" || word === "--command") + 1];
  const inner: Call = { ...call, programsOnly: true };
  if (words.some((word) => word === "-c" || word === "--command") && script !== undefined) {
    return shell.engine.runCommand([["sh"], ["-c"], script], shell, context, inner);
  }
  const end = words.indexOf("--");
  const user = words.indexOf("-u");
  const start = end === -1 ? user + 2 : end + 1;
  if ((end === -1 && user === -1) || start >= args.length) {
    report(shell, "a shell of another user, whose input is not known", "program", call.origin);
    return silent("unknown");
  }
  return shell.engine.runCommand(args.slice(start), shell, context, inner);
}
