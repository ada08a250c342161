import type { Rule } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { isNewHere, shown } from "./names.ts";

/** Columns of the type lose the attribute's values even without CASCADE, which is about typed tables (executed: oracle). */
export const dropAttribute: Rule = {
  id: "drop-attribute",
  title: "Drop an attribute of a composite type",
  hazard: "data-loss",
  phase: "contract",
  why: "deletes this part of every value of the type, in whatever table; only a restore brings them back",
  instead: "stop using it now, drop it one release later",
  bad: ["ALTER TYPE app.address DROP ATTRIBUTE city CASCADE;", "ALTER TYPE app.span DROP ATTRIBUTE IF EXISTS stop;"],
  good: ["CREATE TYPE app.fresh AS (a int, b int);", "ALTER TABLE app.spans RENAME COLUMN extent TO reach;"],
  check: (statement, state) =>
    alterations(statement)
      .filter(({ kind, action }) => kind === "OBJECT_TYPE" && action.subtype === "AT_DropColumn")
      .filter(({ relation }) => !isNewHere(relation, state))
      .map(({ relation, action }) => ({ subject: shown(relation, action.name) })),
};
