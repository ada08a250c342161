import type { DefElem, Node } from "@pgsql/types";
import type { Rule, Statement } from "../model/rule.ts";
import { nameParts, qualifiedName, shown } from "./names.ts";
import { isTagged, strings } from "./nodes.ts";
import { isOn, optionsOf } from "./options.ts";
import { pasted } from "./paste.ts";
import { ofSet } from "./settings.ts";

export const securityDefiner: Rule = {
  id: "security-definer",
  title: "Let a function run with its owner's rights and the caller's search_path",
  hazard: "privilege",
  phase: "expand",
  why: "a caller who puts a table or function of his own first in search_path lets it run with the owner's rights",
  instead: "add SET search_path = '' (or pg_catalog, the schema) to the function",
  bad: [
    "CREATE FUNCTION app.peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.secrets';",
    "ALTER FUNCTION app.plain_function() SECURITY DEFINER;",
  ],
  good: [
    "CREATE FUNCTION app.peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT count(*) FROM app.secrets';",
    "CREATE FUNCTION app.peek() RETURNS bigint LANGUAGE sql SECURITY INVOKER AS 'SELECT count(*) FROM app.secrets';",
    "ALTER FUNCTION app.plain_function() SECURITY DEFINER SET search_path = pg_catalog;",
  ],
  check(statement) {
    const [name, options] = attributes(statement);
    const all = optionsOf(options);
    const isDefiner = all.some((option) => option.defname === "security" && isOn(option));
    if (!isDefiner || all.some(fixesPath)) return [];
    const instead = `with it: ALTER FUNCTION ${pasted(name)} SET search_path = ''`;
    return [{ subject: shown(name), instead }];
  },
};

function attributes(statement: Statement): readonly [{ schema: string; name: string }, readonly Node[] | undefined] {
  if (isTagged(statement, "CreateFunctionStmt")) {
    return [qualifiedName(strings(statement.node.funcname)), statement.node.options];
  }
  if (!isTagged(statement, "AlterFunctionStmt")) return [{ schema: "", name: "" }, undefined];
  const { func, actions } = statement.node;
  return [qualifiedName(func === undefined ? [] : nameParts({ ObjectWithArgs: func })), actions];
}

function fixesPath({ defname, arg }: DefElem): boolean {
  return (
    defname === "set" &&
    arg !== undefined &&
    "VariableSetStmt" in arg &&
    ofSet(arg.VariableSetStmt).name === "search_path"
  );
}
