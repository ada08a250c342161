import type { Rule } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { isNewHere, shown } from "./names.ts";

export const replicaIdentity: Rule = {
  id: "replica-identity",
  title: "Take a table's replica identity away",
  hazard: "recoverability",
  phase: "migrate",
  why: "subscribers can no longer tell which row was changed or deleted, so such writes fail while the table is published",
  instead: "REPLICA IDENTITY USING INDEX of a unique index, or FULL",
  bad: ["ALTER TABLE app.users REPLICA IDENTITY NOTHING;"],
  good: [
    "ALTER TABLE app.users REPLICA IDENTITY FULL;",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch REPLICA IDENTITY NOTHING;",
  ],
  check: (statement, state) =>
    alterations(statement)
      .filter(
        ({ action: { def } }) =>
          def !== undefined && "ReplicaIdentityStmt" in def && def.ReplicaIdentityStmt.identity_type === "n",
      )
      .filter(({ relation }) => !isNewHere(relation, state))
      .map(({ relation }) => ({ subject: shown(relation) })),
};
