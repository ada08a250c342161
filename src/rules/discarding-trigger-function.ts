import type { CreateFunctionStmt } from "@pgsql/types";
import type { Rule } from "../model/rule.ts";
import { qualifiedName, shown } from "./names.ts";
import { isTagged, strings } from "./nodes.ts";
import { optionsOf } from "./options.ts";

/**
 * Triggers that are there already call it from now on. Nothing but RETURN NULL is made for a BEFORE trigger: in an AFTER
 * trigger it would do nothing at all. A new trigger with such a function is `discarding-trigger`.
 */
export const discardingTriggerFunction: Rule = {
  id: "discarding-trigger-function",
  title: "Let the triggers that are there discard writes",
  hazard: "integrity",
  phase: "contract",
  why: "rows that pass a BEFORE trigger with this function are not written, and the running release is told that they were",
  instead: "RAISE EXCEPTION in the function, so that such writes fail loudly, or revoke the right to write",
  bad: ["CREATE OR REPLACE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"],
  good: [
    "CREATE OR REPLACE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.body = trim(NEW.body); RETURN NEW; END';",
    "CREATE FUNCTION app.mute() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';",
  ],
  check(statement) {
    if (!isTagged(statement, "CreateFunctionStmt") || !statement.node.replace || !isMute(statement.node)) return [];
    return [{ subject: shown(qualifiedName(strings(statement.node.funcname))) }];
  },
};

function isMute(node: CreateFunctionStmt): boolean {
  const isTrigger = strings(node.returnType?.names).at(-1) === "trigger";
  return isTrigger && /^\s*begin\s+return\s+null\s*;\s*end\s*;?\s*$/i.test(bodyOf(node));
}

/** The body without its comments, "" if it is not text. */
function bodyOf({ options }: CreateFunctionStmt): string {
  const as = optionsOf(options).find((option) => option.defname === "as")?.arg;
  const text = as !== undefined && "List" in as ? (strings(as.List.items)[0] ?? "") : "";
  return text.replace(/--[^\n]*/g, "").replace(/\/\*.*?\*\//gs, "");
}
