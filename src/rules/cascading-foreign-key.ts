import type { Constraint } from "@pgsql/types";
import type { Rule } from "../model/rule.ts";
import { addedConstraints } from "./added-constraints.ts";
import { relationName, shown } from "./names.ts";

export const cascadingForeignKey: Rule = {
  id: "cascading-foreign-key",
  title: "Add a foreign key that deletes or overwrites on its own",
  hazard: "note",
  phase: "expand",
  why: "from now on a delete in the referenced table also deletes, or overwrites, rows here, without a word",
  instead: "ON DELETE RESTRICT, and delete the rows you mean by name",
  bad: [
    "ALTER TABLE app.tagged ADD FOREIGN KEY (tag_id) REFERENCES app.users ON DELETE CASCADE NOT VALID;",
    "ALTER TABLE app.tagged ADD COLUMN user_id int REFERENCES app.users ON DELETE SET NULL;",
  ],
  good: [
    "ALTER TABLE app.tagged ADD FOREIGN KEY (tag_id) REFERENCES app.users NOT VALID;",
    "CREATE TABLE scratch (user_id int REFERENCES app.users ON DELETE CASCADE);",
  ],
  check: (statement, state) =>
    addedConstraints(statement, state, "CONSTR_FOREIGN")
      .filter(({ constraint }) => acts(constraint))
      .map(({ table, constraint }) => ({ subject: `${shown(table)} → ${shown(relationName(constraint.pktable))}` })),
};

/** `c`: cascade, `n`: set null, `d`: set default. */
function acts({ fk_del_action: action = "" }: Constraint): boolean {
  return ["c", "n", "d"].includes(action);
}
