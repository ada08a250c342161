import type { Rule } from "../model/rule.ts";
import { type AddedConstraint, addedConstraints } from "./added-constraints.ts";
import { shown } from "./names.ts";
import { strings } from "./nodes.ts";
import { identifier, pasted } from "./paste.ts";

export const addUniqueConstraint: Rule = {
  id: "add-unique-constraint",
  title: "Add a unique constraint or primary key that builds its index first",
  hazard: "availability",
  phase: "expand",
  why: "nobody can read or write the table (ACCESS EXCLUSIVE lock) until its index is built; fails if two rows share a value",
  instead: "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … USING INDEX",
  bad: [
    "ALTER TABLE app.users ADD CONSTRAINT users_phone_key UNIQUE (phone);",
    "ALTER TABLE app.notes ADD PRIMARY KEY (id);",
    "ALTER TABLE app.users ADD COLUMN code text UNIQUE;",
  ],
  good: [
    "ALTER TABLE app.orders ADD CONSTRAINT orders_note_key UNIQUE USING INDEX orders_note_unique;",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch ADD PRIMARY KEY (id);",
  ],
  check: (statement, state) =>
    addedConstraints(statement, state, "CONSTR_UNIQUE", "CONSTR_PRIMARY")
      .filter(({ constraint }) => constraint.indexname === undefined)
      .map((added) => ({
        subject: shown(added.table, added.constraint.conname ?? added.column),
        instead: usingIndex(added),
      })),
};

function usingIndex({ table, column, constraint: { contype, conname, keys } }: AddedConstraint): string {
  const columns = column === "" ? strings(keys) : [column];
  const isPrimary = contype === "CONSTR_PRIMARY";
  const name = identifier(conname ?? (isPrimary ? `${table.name}_pkey` : `${table.name}_${columns.join("_")}_key`));
  const index = `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${pasted(table)} (${columns.map(identifier).join(", ")})`;
  return `${index}; ALTER TABLE ${pasted(table)} ADD ${isPrimary ? "PRIMARY KEY" : "UNIQUE"} USING INDEX ${name}`;
}
