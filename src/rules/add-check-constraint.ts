import type { Rule } from "../model/rule.ts";
import { addedConstraints } from "./added-constraints.ts";
import { shown } from "./names.ts";
import { identifier, pasted } from "./paste.ts";

/** A new column's CHECK is weighed against every row as well. */
export const addCheckConstraint: Rule = {
  id: "add-check-constraint",
  title: "Add a CHECK that is held against every row at once",
  hazard: "availability",
  phase: "expand",
  why: "nobody can read or write the table (ACCESS EXCLUSIVE lock) while every row is checked; fails if one breaks it",
  instead: "add it NOT VALID, then VALIDATE it in a transaction of its own",
  bad: [
    "ALTER TABLE app.users ADD CONSTRAINT named CHECK (name <> '');",
    "ALTER TABLE app.users ADD CHECK (age < 200);",
    "ALTER TABLE app.users ADD COLUMN height int CHECK (height > 0);",
  ],
  good: [
    "ALTER TABLE app.users ADD CONSTRAINT named CHECK (name <> '') NOT VALID;",
    "ALTER TABLE app.users VALIDATE CONSTRAINT users_age_check;",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch ADD CHECK (id > 0);",
  ],
  check: (statement, state) =>
    addedConstraints(statement, state, "CONSTR_CHECK")
      .filter(({ constraint }) => !constraint.skip_validation && constraint.is_enforced !== false)
      .map(({ table, column, constraint: { conname = "" } }) => {
        const name = identifier(conname === "" ? `${table.name}_check` : conname);
        const [add, validate] = [`ADD CONSTRAINT ${name} CHECK (…) NOT VALID`, `VALIDATE CONSTRAINT ${name}`];
        const instead = `ALTER TABLE ${pasted(table)} ${add}; then ALTER TABLE ${pasted(table)} ${validate}`;
        return { subject: shown(table, conname === "" ? column : conname), instead };
      }),
};
