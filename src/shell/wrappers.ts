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
  const found: Finding = {
    options: [],
    values: [],
    env: new Map(),
    argv: args,
    operands: wrapper.operands,
    open: true,
  };
  for (let [word, ...rest] = found.argv; word !== undefined; [word, ...rest] = found.argv) {
    const kind = kindOf(word, found.open, found.operands, wrapper);
    if (kind === "refused") return null;
    if (kind === "command") break;
    found.argv = kind === "valued" ? rest.slice(1) : rest;
    take(kind, word, rest[0] ?? [], found);
  }
  return found;
}

interface Finding {
  readonly options: string[];
  readonly values: { option: string; value: Word }[];
  readonly env: Map<string, Word>;
  argv: readonly Word[];
  operands: number;
  /** options may still follow */
  open: boolean;
}

function take(kind: ArgumentKind, word: Word, next: Word, found: Finding): void {
  const option = known(word) ?? "";
  if (kind === "end") found.open = false;
  if (kind === "operand") found.operands -= 1;
  if (kind === "assignment") setFrom(word, found.env);
  if (kind === "option" || kind === "valued") found.options.push(option);
  if (kind === "valued") found.values.push({ option, value: next });
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
  if (options.some((option) => EMPTIES.has(option))) emptyEnvironment(shell);
  for (const { option, value } of values) {
    if (option === "-u" || option === "--unset") exportName(shell, known(value) ?? "", false);
    if (option === "-C" || option === "--chdir") enter(known(value), shell);
  }
}

const EMPTIES = new Set(["-i", "-", "--ignore-environment"]);

function emptyEnvironment(shell: Shell): void {
  for (const name of shell.state.variables.keys()) exportName(shell, name, false);
}

function enter(directory: string | null, shell: Shell): void {
  const path = directory === null ? null : fullPath(directory, shell.state.workingDir);
  shell.state.workingDir = path === null ? unknownWord("the working directory is not known") : [path];
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
  const inner: Call = { ...call, programsOnly: true };
  const flag = words.findIndex((word) => word === "-c" || word === "--command");
  const script = flag === -1 ? undefined : args[flag + 1];
  if (script !== undefined) return shell.engine.runCommand([["sh"], ["-c"], script], shell, context, inner);
  const command = args.slice(commandOfUser(words));
  if (command.length > 0) return shell.engine.runCommand(command, shell, context, inner);
  report(shell, "a shell of another user, whose input is not known", "program", call.origin);
  return silent("unknown");
}

function commandOfUser(words: readonly (string | null)[]): number {
  const end = words.indexOf("--");
  const user = words.indexOf("-u");
  if (end !== -1) return end + 1;
  return user === -1 ? words.length : user + 2;
}
