import type { AndOr, CommandNode, CompoundList, Pipeline, PipelineNode, Statement } from "unbash";
import { captured, either, followedBy } from "./branches.ts";
import { runCompound, runRedirected } from "./compound.ts";
import { type Context, type Outcome, reportAt, type Shell, type Status, silent } from "./engine.ts";
import { define } from "./functions.ts";
import { toStdin } from "./redirects.ts";
import { runSimple } from "./simple.ts";
import { originAt } from "./source.ts";
import { inSubshell } from "./subshell.ts";
import { opposite } from "./tests.ts";

type Node = CommandNode | Pipeline | AndOr | CompoundList;

/** Commands in order. Only the last can be the one whose failure is the script's. */
export function runStatements(statements: readonly Statement[], shell: Shell, context: Context): Outcome {
  let outcome = silent("success");
  for (const [at, statement] of statements.entries()) {
    const last = at === statements.length - 1;
    outcome = followedBy(outcome, runStatement(statement, shell, { ...context, final: context.final && last }));
  }
  return outcome;
}

function runStatement(statement: Statement, shell: Shell, context: Context): Outcome {
  if (statement.background !== true) return runAndOr(statement.command, shell, context);
  const away = { ...context, guarded: true, final: false };
  const outcome = either(
    shell,
    "unknown",
    () => inSubshell(shell, (sub) => runAndOr(statement.command, sub, away)),
    () => silent("success"),
  );
  return { ...outcome, status: "success" };
}

function runAndOr(node: PipelineNode | AndOr, shell: Shell, context: Context): Outcome {
  if (node.type !== "AndOr") return runPipeline(node, shell, context);
  const [first, ...rest] = node.commands;
  if (first === undefined) return silent("unknown");
  let outcome = runPipeline(first, shell, contextInChain(node, 0, context));
  for (const [at, command] of rest.entries()) {
    const next = contextInChain(node, at + 1, context);
    outcome = link(node.operators[at] === "&&", outcome, () => runPipeline(command, shell, next), shell);
  }
  return outcome;
}

/** One more command of a chain: `&&` runs it after success, `||` after failure. */
function link(and: boolean, left: Outcome, run: () => Outcome, shell: Shell): Outcome {
  const skipped = and ? "failure" : "success";
  let right: Outcome | null = null;
  const visit = (): Outcome => {
    right = run();
    return right;
  };
  const runs = left.status === "unknown" ? "unknown" : left.status === skipped ? "failure" : "success";
  const after = either(shell, runs, visit, () => silent(skipped));
  const outcome = followedBy(left, after);
  return { ...outcome, status: linkedStatus(left.status, skipped, after.status) };
}

function linkedStatus(left: Status, skipped: Status, after: Status): Status {
  if (left !== "unknown") return left === skipped ? skipped : after;
  return after === skipped ? skipped : "unknown";
}

/** In `a && b || exit 1` the failure of a and b ends the script; in `a || true` it does not; the last is as the chain. */
function contextInChain(node: AndOr, at: number, context: Context): Context {
  if (at === node.commands.length - 1) return context;
  const rescue = node.operators.indexOf("||", at);
  const rescuer = rescue === -1 ? undefined : node.commands[rescue + 1];
  const ends = rescuer === undefined ? context.final : endsScript(rescuer);
  return { ...context, guarded: true, final: ends };
}

/** `exit`, `exit 1`, `return 1` or a group that ends so: the failure is not forgiven. */
function endsScript(node: Node): boolean {
  if (node.type === "BraceGroup") {
    const last = node.body.commands.at(-1)?.command;
    return last !== undefined && endsScript(last);
  }
  if (node.type !== "Command") return false;
  const status = node.suffix[0];
  const named = node.name?.value === "exit";
  return named && (status === undefined || (status.type === "Word" && status.text !== "0" && Number(status.text) > 0));
}

function runPipeline(node: PipelineNode, shell: Shell, context: Context): Outcome {
  if (node.type !== "Pipeline") return runNode(node, shell, context);
  const negated = node.prefixes.filter((prefix) => prefix.type === "Negation").length % 2 === 1;
  const inner = negated ? { ...context, guarded: true, final: false } : context;
  const outcome = runPiped(node, shell, inner);
  return negated ? { ...outcome, status: opposite(outcome.status) } : outcome;
}

/** Each command of a pipeline is a subshell that reads what the one before it printed. */
function runPiped(node: Pipeline, shell: Shell, context: Context): Outcome {
  if (node.commands.length === 1 && node.commands[0] !== undefined) return runNode(node.commands[0], shell, context);
  let outcome = silent("success");
  let { stdin } = context;
  const stray: boolean[] = [];
  for (const [at, command] of node.commands.entries()) {
    const last = at === node.commands.length - 1;
    const seen = last || shell.state.pipefail ? context : { ...context, guarded: true, final: false };
    const channel = stdin;
    outcome = inSubshell(shell, (sub) => captured(sub, () => runNode(command, sub, { ...seen, stdin: channel })));
    if (node.operators[at] === "|&" && outcome.stray) outcome = mixedOutput(outcome);
    stray.push(outcome.stray);
    stdin = { current: toStdin(outcome, originAt(shell.source, command.pos)) };
  }
  return { ...outcome, stray: stray.includes(true), status: shell.state.pipefail ? "unknown" : outcome.status };
}

function mixedOutput(outcome: Outcome): Outcome {
  return { ...outcome, output: [{ unknown: "output mixed with error messages" }], origin: null, stray: false };
}

function runNode(node: Node, shell: Shell, context: Context): Outcome {
  if (shell.session.exhausted) return silent("unknown");
  switch (node.type) {
    case "Command":
      return runSimple(node, shell, context);
    case "Redirected":
      return runRedirected(node, shell, context);
    case "Function":
      return define(node, shell);
    case "Coproc":
      reportAt(shell, "a coprocess, which this reader does not follow", "dynamic", node.pos);
      inSubshell(shell, (sub) => runNode(node.body, sub, { ...context, guarded: true, final: false }));
      return silent("unknown");
    case "Pipeline":
      return runPipeline(node, shell, context);
    case "AndOr":
      return runAndOr(node, shell, context);
    case "CompoundList":
      return runStatements(node.commands, shell, context);
    default:
      return runCompound(node, shell, context);
  }
}
