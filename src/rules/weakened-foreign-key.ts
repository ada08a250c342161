import type { Constraint } from "@pgsql/types";
import type { Rule, SubjectHit } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { isNewHere, shown } from "./names.ts";
import { isNode } from "./remade.ts";
import { isForeignKeyAsBefore, isUnenforced } from "./weaker.ts";

/** Tools change a foreign key by dropping it and making it again; `drop-constraint` is the one that does not come back. */
export const weakenedForeignKey: Rule = {
  id: "weakened-foreign-key",
  title: "Make a foreign key again with other columns or another ON DELETE",
  hazard: "integrity",
  phase: "contract",
  why: "a deleted or changed parent no longer does to its children what it did, or other columns are checked",
  instead: "say in the review what deleting a parent is to do from now on",
  bad: [
    "ALTER TABLE app.orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES app.users (id) ON DELETE CASCADE; ALTER TABLE app.orders DROP CONSTRAINT f; ALTER TABLE app.orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES app.users (id);",
  ],
  good: [
    "ALTER TABLE app.orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES app.users (id); ALTER TABLE app.orders DROP CONSTRAINT f; ALTER TABLE app.orders ADD CONSTRAINT f FOREIGN KEY (user_id) REFERENCES app.users (id) ON DELETE RESTRICT;",
    "ALTER TABLE app.orders DROP CONSTRAINT orders_user_fk, ADD CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES app.users (id) ON DELETE CASCADE;",
    "ALTER TABLE app.orders DROP CONSTRAINT orders_user_fk;",
  ],
  check: (statement, state) =>
    alterations(statement)
      .filter(({ relation, action }) => action.subtype === "AT_DropConstraint" && !isNewHere(relation, state))
      .flatMap(({ relation, action: { name = "" } }): SubjectHit[] => {
        const before = state.definition("OBJECT_TABCONSTRAINT", relation, name);
        if (!isNode<Constraint>(before) || before.contype !== "CONSTR_FOREIGN") return [];
        const hit = { subject: shown(relation, name) };
        return [
          {
            ...hit,
            settle: (end) => {
              const after = end.definition("OBJECT_TABCONSTRAINT", relation, name);
              const isBack = isNode<Constraint>(after) && after.contype === "CONSTR_FOREIGN" && !isUnenforced(after);
              return isBack && !isForeignKeyAsBefore(before, after) ? hit : null;
            },
          },
        ];
      }),
};
