import type { Function as FunctionNode } from "unbash";
import type { Word } from "../model/run.ts";
import { either, followedBy } from "./branches.ts";
import { runCompound, runRedirected } from "./compound.ts";
import { type Context, type Hidden, type Outcome, report, type Scope, type Shell, silent } from "./engine.ts";
import { originAt } from "./source.ts";
import { type Definition, join, type ShellFunction, type State } from "./state.ts";
import { forgetVariables, unknownValue } from "./variables.ts";

/** A function that calls itself is followed this often. */
const MOST_RECURSION = 2;

export function define(node: FunctionNode, shell: Shell): Outcome {
  const body: ShellFunction = { node, source: shell.source };
  shell.state.functions.set(node.name.value, { bodies: [body], certain: true });
  return silent("success");
}

/** Calls whatever the name may mean here; `program` is what it means if no function is defined. */
export function callFunction(
  name: string,
  definition: Definition,
  args: readonly Word[],
  shell: Shell,
  context: Context,
  program: () => Outcome,
): Outcome {
  const [first, ...rest] = definition.bodies;
  if (first === undefined) return program();
  const call = (): Outcome => callBody(name, first, args, shell, context);
  if (rest.length === 0 && definition.certain) return call();
  const others = { bodies: rest, certain: definition.certain };
  return either(shell, "unknown", call, () => callFunction(name, others, args, shell, context, program));
}

function callBody(name: string, body: ShellFunction, args: readonly Word[], shell: Shell, context: Context): Outcome {
  const active = shell.calls.filter((other) => other === name).length;
  if (active > MOST_RECURSION || shell.calls.length > 32) {
    report(shell, `the function ${name} calls itself`, "dynamic", originAt(body.source, body.node.pos));
    forgetVariables(shell, `changed by the function ${name}, which calls itself`);
    return silent("unknown");
  }
  const inner: Shell = { ...shell, source: body.source, calls: [...shell.calls, name] };
  const { positional } = shell.state;
  inner.state.positional = args;
  const scope: Scope = { hidden: new Map(), undecided: shell.undecided };
  const returns: State[] = [];
  inner.scopes.push(scope);
  inner.returns.push(returns);
  const outcome = runBody(body, inner, context);
  inner.returns.pop();
  inner.scopes.pop();
  for (const state of returns) inner.state = join(inner.state, state, "set differently before a return");
  inner.state.positional = positional;
  restore(scope.hidden, inner.state);
  shell.state = inner.state;
  return returns.length === 0 ? outcome : { ...followedBy(outcome, silent("unknown")) };
}

function runBody({ node }: ShellFunction, shell: Shell, context: Context): Outcome {
  if (node.body.type === "CompoundList") return shell.engine.runStatements(node.body.commands, shell, context);
  if (node.body.type === "Redirected") return runRedirected(node.body, shell, context);
  return runCompound(node.body, shell, context);
}

/** Variables made `local` get back what they were; where it is not sure that they were local, they are unknown. */
function restore(scope: ReadonlyMap<string, Hidden>, state: State): void {
  for (const [name, { before, certain }] of scope) {
    if (!certain) state.variables.set(name, { value: unknownValue(`${name} may be a function's own`), exported: true });
    else if (before === undefined) state.variables.delete(name);
    else state.variables.set(name, before);
  }
}
