import type { Assignment, Command, CommandArgument, Redirection, Word as WordNode } from "unbash";
import type { Word } from "../model/run.ts";
import { captured } from "./branches.ts";
import { type Context, type Outcome, report, type Shell, silent } from "./engine.ts";
import { expandFields, expandText, visitSubstitutions } from "./expand.ts";
import { drain, type Plumbing, plumb } from "./redirects.ts";
import { originAt } from "./source.ts";
import type { Value, Variable } from "./state.ts";
import { assign, lookUp, reportBending, scalar, unknownValue } from "./variables.ts";
import { concat, known } from "./words.ts";

const MOST_STEPS = 20_000;

/** A command with its assignments and redirections: all expansions, then the command itself. */
export function runSimple(node: Command, shell: Shell, context: Context): Outcome {
  if (!mayGoOn(shell, node)) return silent("unknown");
  shell.input = context.stdin;
  const argv = [...(node.name === undefined ? [] : expandFields(node.name, shell)), ...expandArguments(node, shell)];
  const origin = originAt(shell.source, node.name?.pos ?? node.pos);
  const plumbing = plumb(node.redirects, shell, context.stdin);
  const assignments = node.prefix.filter(isAssignment);
  if (argv.length === 0) {
    assignAll(assignments, shell);
    const silentWay = silent(assignments.some(runsCommand) ? "unknown" : "success");
    return drain(silentWay, plumbing, shell, origin);
  }
  if (redirectsShell(argv, node.redirects)) return redirectShell(plumbing, shell, context);
  const run = (env: ReadonlyMap<string, Word>): Outcome =>
    captured(shell, () =>
      shell.engine.runCommand(argv, shell, { ...context, stdin: plumbing.stdin }, { origin, env, programsOnly: false }),
    );
  return drain(withPrefix(assignments, argv, shell, run), plumbing, shell, origin);
}

/** A script that would take too long is given up as a whole. */
function mayGoOn(shell: Shell, node: Command): boolean {
  const { session } = shell;
  session.steps += 1;
  if (session.steps <= MOST_STEPS) return !session.exhausted;
  session.exhausted = true;
  session.muted = 0;
  report(shell, "the script is too long to be followed to its end", "unreadable", originAt(shell.source, node.pos));
  return false;
}

function expandArguments(node: Command, shell: Shell): Word[] {
  return node.args.flatMap((argument) => expandArgument(argument, shell));
}

/** `export X=…` keeps its value in one piece; the value of an array follows the builtin's own assignment. */
function expandArgument(argument: CommandArgument, shell: Shell): Word[] {
  if (argument.type === "Word") return expandFields(argument, shell);
  const value = assigned(argument, shell);
  if (value.kind === "word") return [concat([`${argument.name}=`], value.word)];
  assign(shell, argument.name, value, originAt(shell.source, argument.pos));
  return [[argument.name]];
}

/** `X=1 command`: for a program only in its environment; a function or builtin sees the variable, then it is as before. */
function withPrefix(
  assignments: readonly Assignment[],
  argv: readonly Word[],
  shell: Shell,
  run: (env: ReadonlyMap<string, Word>) => Outcome,
): Outcome {
  const inShell = runsInShell(known(argv[0] ?? []), shell);
  const env = new Map<string, Word>();
  const hidden = new Map<string, Variable | undefined>();
  for (const assignment of assignments) {
    const { name: variable, pos } = assignment;
    const value = assigned(assignment, shell);
    if (!hidden.has(variable)) hidden.set(variable, shell.state.variables.get(variable));
    (inShell ? assign : reportBending)(shell, variable, value, originAt(shell.source, pos));
    env.set(variable, scalar(value));
  }
  const outcome = run(env);
  if (inShell) for (const [variable, before] of hidden) unhide(shell, variable, before);
  return outcome;
}

function runsInShell(name: string | null, shell: Shell): boolean {
  return name !== null && (shell.state.functions.has(name) || RUN_IN_SHELL.has(name));
}

/** Shells differ in whether a prefix assignment outlives a function or special builtin. */
function unhide(shell: Shell, name: string, before: Variable | undefined): void {
  const after = shell.state.variables.get(name);
  const same =
    after?.value.kind === "word" && before?.value.kind === "word" && scalar(after.value) === scalar(before.value);
  if (before !== undefined && same) return;
  shell.state.variables.set(name, {
    value: unknownValue(`${name} was set for one command`),
    exported: before?.exported ?? false,
  });
}

const RUN_IN_SHELL = new Set([
  "eval",
  ".",
  "source",
  "exec",
  "export",
  "readonly",
  "set",
  "unset",
  "shift",
  "trap",
  ":",
]);

function assignAll(assignments: readonly Assignment[], shell: Shell): void {
  for (const assignment of assignments) {
    assign(shell, assignment.name, assigned(assignment, shell), originAt(shell.source, assignment.pos));
  }
}

/** The value after an assignment: arrays of plain items stay lists, items set by index make the array unknown. */
function assigned(assignment: Assignment, shell: Shell): Value {
  const { name, value } = assignment;
  if (assignment.index !== undefined) return itemAssigned(assignment, assignment.index, shell);
  const before = assignment.append === true ? lookUp(shell, name) : null;
  if (value.type === "Word") {
    const word = expandText(value, shell);
    return { kind: "word", word: before === null ? word : concat(scalar(before), word) };
  }
  const items = value.elements.flatMap((element) => expandFields(element, shell));
  const plain = value.elements.every((element) => !element.text.startsWith("["));
  const open = items.some((item) => item.some((piece) => typeof piece !== "string" && piece.splits === true));
  if (!plain || open || (before !== null && before.kind !== "list"))
    return unknownValue(`${name}, an array with unknown items`);
  return { kind: "list", items: [...(before?.kind === "list" ? before.items : []), ...items] };
}

function itemAssigned({ name, value }: Assignment, index: WordNode, shell: Shell): Value {
  visitSubstitutions(index, shell);
  visitSubstitutions(value, shell);
  return unknownValue(`${name}, an array set item by item`);
}

/** `exec < file`, `exec > log`: the redirections stay for the rest of the shell. */
function redirectsShell(argv: readonly Word[], redirects: readonly Redirection[]): boolean {
  return argv.length === 1 && redirects.length > 0 && known(argv[0] ?? []) === "exec";
}

function redirectShell(plumbing: Plumbing, shell: Shell, context: Context): Outcome {
  context.stdin.current = plumbing.stdin.current;
  if (plumbing.out.kind !== "out") shell.session.jumps += 1;
  return silent("success");
}

function isAssignment(part: Assignment | Redirection): part is Assignment {
  return part.type === "Assignment";
}

function runsCommand(assignment: Assignment): boolean {
  const { value } = assignment;
  return (
    value.type !== "Word" || (value.parts ?? []).some((part) => part.type !== "Literal" && part.type !== "SingleQuoted")
  );
}
