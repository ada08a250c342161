import type { Rule } from "../model/rule.ts";
import { addedConstraints } from "./added-constraints.ts";
import { relationName, shown } from "./names.ts";
import { strings } from "./nodes.ts";
import { identifier, pasted } from "./paste.ts";

/** With a column that is new and has no default there is no value to look up, so nothing is scanned. */
export const addForeignKey: Rule = {
  id: "add-foreign-key",
  title: "Add a foreign key that is held against every row at once",
  hazard: "availability",
  phase: "expand",
  why: "writes to both tables wait (SHARE ROW EXCLUSIVE lock) while every row is checked; fails if one has no partner",
  instead: "add it NOT VALID, then VALIDATE it in a transaction of its own; index the referencing columns first",
  bad: [
    "ALTER TABLE app.tagged ADD CONSTRAINT tagged_user FOREIGN KEY (tag_id) REFERENCES app.users (id);",
    "ALTER TABLE app.snapshots ADD COLUMN user_id int, ADD FOREIGN KEY (user_id) REFERENCES app.users;",
  ],
  good: [
    "ALTER TABLE app.tagged ADD CONSTRAINT tagged_user FOREIGN KEY (tag_id) REFERENCES app.users (id) NOT VALID;",
    "ALTER TABLE app.tagged ADD COLUMN user_id int REFERENCES app.users;",
    "CREATE TABLE scratch (id int, user_id int REFERENCES app.users);",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch ADD FOREIGN KEY (id) REFERENCES app.users;",
  ],
  check: (statement, state) =>
    addedConstraints(statement, state, "CONSTR_FOREIGN")
      .filter(({ column, constraint }) => column === "" && !constraint.skip_validation)
      .map(({ table, constraint: { conname = "", fk_attrs, pktable } }) => {
        const columns = strings(fk_attrs);
        const name = identifier(conname === "" ? `${table.name}_${columns.join("_")}_fkey` : conname);
        const key = `FOREIGN KEY (${columns.map(identifier).join(", ")}) REFERENCES ${pasted(relationName(pktable))} NOT VALID`;
        const instead = `ALTER TABLE ${pasted(table)} ADD CONSTRAINT ${name} ${key}; then VALIDATE it`;
        return { subject: shown(table, conname), instead };
      }),
};
