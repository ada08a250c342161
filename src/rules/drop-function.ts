import type { Rule } from "../model/rule.ts";
import { dropHits } from "./drops.ts";

/** CASCADE takes generated columns, and tables partitioned by the function, with it (executed: oracle). */
export const dropFunction: Rule = {
  id: "drop-function",
  title: "Drop a function, procedure or aggregate",
  hazard: "compatibility",
  phase: "contract",
  why: "calls from the running release fail",
  instead: "stop calling it now, drop it one release later; CREATE OR REPLACE changes it in place",
  bad: [
    "DROP FUNCTION app.plain_function();",
    "DROP FUNCTION IF EXISTS app.plain_function;",
    "DROP PROCEDURE app.plain_procedure();",
    "DROP ROUTINE app.plain_function;",
    "DROP AGGREGATE app.total(int);",
    "DROP FUNCTION app.doubled(int) CASCADE;",
    "DROP FUNCTION app.bucket CASCADE;",
  ],
  good: ["CREATE OR REPLACE FUNCTION app.plain_function() RETURNS int LANGUAGE sql AS 'SELECT 2';"],
  check: (statement, state) =>
    dropHits(statement, state, "OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE", "OBJECT_AGGREGATE"),
};
