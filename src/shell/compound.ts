import type { CompoundCommand, For, If, Redirected, Select, While } from "unbash";
import type { Word } from "../model/run.ts";
import { arithmetic } from "./arithmetic.ts";
import { captured, either, followedBy, onePass, repeated, visitDead } from "./branches.ts";
import { runCase } from "./case.ts";
import { type Context, type Outcome, type Shell, silent } from "./engine.ts";
import { expandFields, visitSubstitutions } from "./expand.ts";
import { drain, plumb } from "./redirects.ts";
import { originAt } from "./source.ts";
import type { State } from "./state.ts";
import { join } from "./state.ts";
import { inSubshell } from "./subshell.ts";
import { runTest } from "./tests.ts";
import { setWord } from "./variables.ts";
import { unknownWord } from "./words.ts";

/** if, for, while, case, `{ }`, `( )`, `[[ ]]`, `(( ))`. */
export function runCompound(node: CompoundCommand, shell: Shell, context: Context): Outcome {
  shell.input = context.stdin;
  switch (node.type) {
    case "BraceGroup":
      return shell.engine.runStatements(node.body.commands, shell, context);
    case "Subshell":
      return inSubshell(shell, (sub) => shell.engine.runStatements(node.body.commands, sub, context));
    case "If":
      return runIf(node, shell, context);
    case "Case":
      return runCase(node, shell, context);
    case "While":
      return runWhile(node, shell, context);
    case "For":
    case "Select":
      return runFor(node, shell, context);
    case "ArithmeticFor":
      return repeated(shell, () => {
        for (const part of [node.initialize, node.test, node.update]) {
          if (part === undefined) continue;
          visitSubstitutions(part, shell);
          arithmetic(part, shell);
        }
        return shell.engine.runStatements(node.body.commands, shell, inLoop(context));
      });
    case "TestCommand":
      return silent(runTest(node.expression, shell));
    case "ArithmeticCommand":
      visitSubstitutions(node, shell);
      arithmetic(node.expression, shell);
      return silent("unknown");
  }
}

/** A compound command with redirections of its own. */
export function runRedirected(node: Redirected, shell: Shell, context: Context): Outcome {
  const plumbing = plumb(node.redirects, shell, context.stdin);
  const inner = { ...context, stdin: plumbing.stdin };
  const outcome = captured(shell, () => runCompound(node.command, shell, inner));
  return drain(outcome, plumbing, shell, originAt(shell.source, node.pos));
}

function runIf(node: If, shell: Shell, context: Context): Outcome {
  const ways = [node, ...node.elif];
  const otherwise = (): Outcome =>
    node.else === undefined ? silent("success") : shell.engine.runStatements(node.else.commands, shell, context);
  const run = (at: number): Outcome => {
    const way = ways[at];
    if (way === undefined) return otherwise();
    const clause = shell.engine.runStatements(way.clause.commands, shell, asCondition(context));
    const after = either(
      shell,
      clause.status,
      () => shell.engine.runStatements(way.then.commands, shell, context),
      () => run(at + 1),
    );
    return followedBy(clause, after);
  };
  return run(0);
}

function runWhile(node: While, shell: Shell, context: Context): Outcome {
  return repeated(shell, () => {
    const clause = shell.engine.runStatements(node.clause.commands, shell, asCondition(context));
    return followedBy(clause, shell.engine.runStatements(node.body.commands, shell, inLoop(context)));
  });
}

/** A list that is known is run item by item; else the variable is unknown and the body runs any number of times. */
function runFor(node: For | Select, shell: Shell, context: Context): Outcome {
  const items = itemsOf(node, shell);
  const origin = originAt(shell.source, node.pos);
  const body = (item: Word): Outcome => {
    setWord(shell, node.name.value, item, origin);
    return shell.engine.runStatements(node.body.commands, shell, inLoop(context));
  };
  const open = items === null || node.type === "Select" || items.some(splits);
  if (open) return repeated(shell, () => body(unknownItem(items, node.name.value)));
  if (items.length === 0) {
    visitDead(shell, () => body(unknownWord(`${node.name.value}, in a loop over nothing`)));
    return silent("success");
  }
  return eachItem(items, body, shell);
}

function eachItem(items: readonly Word[], body: (item: Word) => Outcome, shell: Shell): Outcome {
  const left: State[] = [];
  let outcome = silent("success");
  for (const item of items) {
    if (shell.session.exhausted) break;
    const leaving: State[] = [];
    outcome = followedBy(
      outcome,
      onePass(shell, () => body(item), leaving),
    );
    left.push(...leaving);
  }
  for (const state of left) shell.state = join(shell.state, state, "changed in a loop");
  return outcome;
}

function itemsOf(node: For | Select, shell: Shell): readonly Word[] | null {
  if (node.wordlist === undefined) return shell.state.positional;
  return node.wordlist.flatMap((word) => expandFields(word, shell));
}

function splits(word: Word): boolean {
  return word.some((piece) => typeof piece !== "string" && piece.splits === true);
}

/** The reason of the first unknown item explains what the loop runs over. */
function unknownItem(items: readonly Word[] | null, name: string): Word {
  const hole = items?.flat().find((piece) => typeof piece !== "string");
  if (hole === undefined || typeof hole === "string") return unknownWord(`${name}, an item of an unknown list`);
  return items?.length === 1
    ? [{ unknown: hole.unknown }]
    : unknownWord(`${name}, an item of a list with unknown parts`);
}

function asCondition(context: Context): Context {
  return { ...context, guarded: true, final: false };
}

/** The last command of a body is followed by the next turn. */
function inLoop(context: Context): Context {
  return { ...context, final: false };
}
