import type { Rule } from "../model/rule.ts";
import { renameHits } from "./renames.ts";

export const renameFunction: Rule = {
  id: "rename-function",
  title: "Rename a function or procedure",
  hazard: "compatibility",
  phase: "contract",
  why: "calls from the running release fail",
  instead: "create it under the new name too, drop the old one a release later",
  bad: [
    "ALTER FUNCTION app.plain_function() RENAME TO plain;",
    "ALTER PROCEDURE app.plain_procedure RENAME TO plain;",
    "ALTER ROUTINE app.plain_function RENAME TO plain;",
    "ALTER AGGREGATE app.total(int) RENAME TO sum_up;",
  ],
  good: ["ALTER FUNCTION app.plain_function() STABLE;"],
  check: (statement, state) =>
    renameHits(statement, state, "OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE", "OBJECT_AGGREGATE"),
};
