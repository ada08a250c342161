import type { Rule } from "../model/rule.ts";
import { definedFunction } from "./definitions.ts";
import { qualifiedName, shown } from "./names.ts";
import { isTagged, strings } from "./nodes.ts";

/** Whether there was one before cannot be seen; PostgreSQL refuses another result or other argument names. */
export const replaceFunction: Rule = {
  id: "replace-function",
  title: "Replace a function or procedure",
  hazard: "note",
  phase: "migrate",
  why: "if it exists, the running release, views, indexes and triggers that call it run the new body from now on",
  instead: "keep the old definition in the down script; make a new name where the meaning changes",
  bad: [
    "CREATE OR REPLACE FUNCTION app.plain_function() RETURNS int LANGUAGE sql AS 'SELECT 2';",
    "CREATE OR REPLACE PROCEDURE app.plain_procedure() LANGUAGE sql AS 'SELECT 2';",
  ],
  good: [
    "CREATE FUNCTION app.fresh() RETURNS int LANGUAGE sql AS 'SELECT 1';",
    "CREATE FUNCTION app.fresh() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE OR REPLACE FUNCTION app.fresh() RETURNS int LANGUAGE sql AS 'SELECT 2';",
  ],
  check(statement, state) {
    if (!isTagged(statement, "CreateFunctionStmt") || !statement.node.replace) return [];
    const name = qualifiedName(strings(statement.node.funcname));
    return definedFunction(name, state) === undefined ? [{ subject: shown(name) }] : [];
  },
};
