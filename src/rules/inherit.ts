import type { Rule } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { isNewHere, relationName, shown } from "./names.ts";

export const inherit: Rule = {
  id: "inherit",
  title: "Let a table's rows appear in another",
  hazard: "note",
  phase: "expand",
  why: "queries, updates and deletes of the running release on the parent table reach these rows as well from now on",
  instead: "say ONLY in the queries that shall not see them, before this",
  bad: ["ALTER TABLE app.trucks INHERIT app.vehicles;"],
  good: [
    "CREATE TABLE app.bikes () INHERITS (app.vehicles);",
    "CREATE TABLE parent (id int); CREATE TABLE child (id int); ALTER TABLE child INHERIT parent;",
  ],
  check: (statement, state) =>
    alterations(statement).flatMap(({ relation, action: { subtype, def } }) => {
      if (subtype !== "AT_AddInherit" || def === undefined || !("RangeVar" in def)) return [];
      const parent = relationName(def.RangeVar);
      return isNewHere(parent, state) ? [] : [{ subject: `${shown(relation)} → ${shown(parent)}` }];
    }),
};
