import type { Rule } from "../model/rule.ts";
import { alterationHits } from "./alterations.ts";

export const setExpression: Rule = {
  id: "set-expression",
  title: "Change the expression of a generated column",
  hazard: "data-change",
  phase: "migrate",
  why: "computes the column anew in every row; the old values go",
  instead: "add a second generated column, read that one, drop the old one a release later",
  bad: ["ALTER TABLE app.users ALTER COLUMN twice SET EXPRESSION AS (7);"],
  good: [
    "ALTER TABLE app.users ALTER COLUMN twice DROP EXPRESSION;",
    "CREATE TABLE scratch (id int, d int GENERATED ALWAYS AS (id) STORED); ALTER TABLE scratch ALTER d SET EXPRESSION AS (id + 1);",
  ],
  check: (statement, state) => alterationHits(statement, state, "AT_SetExpression"),
};
