import type { Rule } from "../model/rule.ts";
import { addedConstraints } from "./added-constraints.ts";
import { shown } from "./names.ts";

/** PostgreSQL can neither build it CONCURRENTLY nor add it NOT VALID. */
export const addExclusionConstraint: Rule = {
  id: "add-exclusion-constraint",
  title: "Add an exclusion constraint",
  hazard: "availability",
  phase: "expand",
  why: "nobody can read or write the table (ACCESS EXCLUSIVE lock) until its index is built; fails if two rows exclude each other",
  instead: "put it on a new, empty table and move the rows over, or run it in a window: PostgreSQL has no gentler form",
  bad: ["ALTER TABLE app.events_2025 ADD CONSTRAINT once EXCLUDE USING btree (id WITH =);"],
  good: [
    "CREATE TABLE scratch (id int, EXCLUDE USING btree (id WITH =));",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch ADD EXCLUDE USING btree (id WITH =);",
  ],
  check: (statement, state) =>
    addedConstraints(statement, state, "CONSTR_EXCLUSION").map(({ table, constraint }) => ({
      subject: shown(table, constraint.conname),
    })),
};
