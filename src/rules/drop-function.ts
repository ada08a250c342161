import type { CreateFunctionStmt } from "@pgsql/types";
import type { Rule, SubjectHit } from "../model/rule.ts";
import { dropHits, remadeHits } from "./drops.ts";
import { isSameTree } from "./remade.ts";

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
    "DROP FUNCTION app.plain_function(); CREATE FUNCTION app.plain_function(n int) RETURNS int LANGUAGE sql AS 'SELECT n';",
  ],
  good: [
    "DROP FUNCTION app.plain_function(); CREATE FUNCTION app.plain_function() RETURNS int LANGUAGE sql AS 'SELECT 3';",
    "CREATE FUNCTION app.fresh(n int) RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION app.fresh(integer);",
    "CREATE OR REPLACE FUNCTION app.plain_function() RETURNS int LANGUAGE sql AS 'SELECT 2';",
  ],
  check: (statement, state) => [
    ...routines.flatMap((kind) => remadeHits<CreateFunctionStmt>(statement, state, kind, functionReplaced)),
    ...dropHits(statement, state, "OBJECT_AGGREGATE"),
  ],
};

const routines = ["OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE"] as const;

/** The same name takes the same arguments again. One that was out of sight is taken to have answered the same type. */
function functionReplaced(
  hit: SubjectHit,
  before: CreateFunctionStmt | null,
  after: CreateFunctionStmt,
): SubjectHit | null {
  const parts = ["parameters", "returnType"] as const;
  return before === null || parts.every((part) => isSameTree(before[part], after[part]))
    ? null
    : { ...hit, why: other };
}

const other = "it comes back with other arguments or another result, so calls from the running release may fail";
