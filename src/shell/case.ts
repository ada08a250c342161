import type { Case, CaseItem } from "unbash";
import type { Word } from "../model/run.ts";
import { either } from "./branches.ts";
import { type Context, type Outcome, type Shell, type Status, silent } from "./engine.ts";
import { expandPattern, expandText } from "./expand.ts";
import { matches } from "./patterns.ts";
import { known } from "./words.ts";

/** `case`: items are visited in order; one that surely matches is the way taken. */
export function runCase(node: Case, shell: Shell, context: Context): Outcome {
  const subject = expandText(node.word, shell);
  // A fall-through makes a body run after another item's match: then no item is decided.
  const plain = node.items.every((item) => item.terminator === undefined || item.terminator === ";;");
  return plain ? firstMatch(node.items, subject, shell, context) : anyOf(node.items, shell, context);
}

function firstMatch(items: readonly CaseItem[], subject: Word, shell: Shell, context: Context): Outcome {
  const [item, ...rest] = items;
  if (item === undefined) return silent("success");
  return either(
    shell,
    fits(item, subject, shell),
    () => shell.engine.runStatements(item.body.commands, shell, context),
    () => firstMatch(rest, subject, shell, context),
  );
}

/** Each body may run or not, also after one another. */
function anyOf(items: readonly CaseItem[], shell: Shell, context: Context): Outcome {
  let outcome = silent("unknown");
  for (const item of items) {
    const next = either(
      shell,
      "unknown",
      () => shell.engine.runStatements(item.body.commands, shell, { ...context, final: false }),
      () => silent("unknown"),
    );
    outcome = next.output.length === 0 ? outcome : next;
  }
  return outcome;
}

function fits(item: CaseItem, subject: Word, shell: Shell): Status {
  const text = known(subject);
  const fitting = item.pattern.map((word): Status => {
    if (isCatchAll(word.text)) return "success";
    const pattern = expandPattern(word, shell);
    return decided(text === null || pattern === null ? null : matches(pattern, text));
  });
  if (fitting.includes("success")) return "success";
  return fitting.includes("unknown") ? "unknown" : "failure";
}

function decided(matched: boolean | null): Status {
  if (matched === null) return "unknown";
  return matched ? "success" : "failure";
}

/** `*` matches whatever the subject is. */
function isCatchAll(pattern: string): boolean {
  return pattern === "*";
}
