import type { CreateFunctionStmt, CreateTrigStmt } from "@pgsql/types";
import type { Rule, RunState } from "../model/rule.ts";
import { definedFunction } from "./definitions.ts";
import { isNewHere, qualifiedName, relationName, shown } from "./names.ts";
import { isTagged, strings } from "./nodes.ts";
import { optionsOf } from "./options.ts";

/** Only functions that the run defines can be read; one that stores the row elsewhere first redirects it. */
export const discardingTrigger: Rule = {
  id: "discarding-trigger",
  title: "Make a trigger that discards writes",
  hazard: "integrity",
  phase: "contract",
  why: "rows for which its function returns NULL are not written, and the running release is told that they were",
  instead: "RAISE EXCEPTION in the function, so that such writes fail loudly, or revoke the right to write",
  bad: [
    "CREATE FUNCTION app.mute() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER mute BEFORE INSERT ON app.notes FOR EACH ROW EXECUTE FUNCTION app.mute();",
    "CREATE FUNCTION app.sieve() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW.id > 9 THEN RETURN NULL; END IF; RETURN NEW; END'; CREATE TRIGGER sieve BEFORE UPDATE ON app.notes FOR EACH ROW EXECUTE FUNCTION app.sieve();",
    "CREATE OR REPLACE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';",
  ],
  good: [
    "CREATE FUNCTION app.log() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; CREATE TRIGGER log AFTER INSERT ON app.notes FOR EACH ROW EXECUTE FUNCTION app.log();",
    "CREATE FUNCTION app.keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER keep BEFORE INSERT ON app.notes FOR EACH ROW EXECUTE FUNCTION app.keep();",
    "CREATE FUNCTION app.route() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO app.incoming VALUES (NEW.id); RETURN NULL; END'; CREATE TRIGGER route BEFORE INSERT ON app.notes FOR EACH ROW EXECUTE FUNCTION app.route();",
  ],
  check(statement, state) {
    if (isTagged(statement, "CreateFunctionStmt")) {
      const { node } = statement;
      return node.replace && isMute(node) ? [{ subject: shown(qualifiedName(strings(node.funcname))) }] : [];
    }
    if (!isTagged(statement, "CreateTrigStmt") || !discards(statement.node, state)) return [];
    const table = relationName(statement.node.relation);
    return isNewHere(table, state) ? [] : [{ subject: shown(table, statement.node.trigname) }];
  },
};

const before = 2;

/** A BEFORE trigger for each row; what AFTER triggers return is ignored. */
function discards({ row, timing = 0, funcname }: CreateTrigStmt, state: RunState): boolean {
  const definition = definedFunction(qualifiedName(strings(funcname)), state);
  if (!row || timing !== before || definition === undefined) return false;
  const body = bodyOf(definition);
  return /\breturn\s+null\b/i.test(body) && !/\b(insert\s+into|update|delete\s+from|execute|perform)\b/i.test(body);
}

/** Nothing but RETURN NULL: made for a BEFORE trigger, as in an AFTER trigger it would do nothing at all. */
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
