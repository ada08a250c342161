import type { RenameStmt } from "@pgsql/types";
import type { Rule } from "../model/rule.ts";
import { isNewHere, nameParts, qualifiedName, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";

export const renameConstraintOrIndex: Rule = {
  id: "rename-constraint-or-index",
  title: "Rename a constraint, index, trigger or policy",
  hazard: "note",
  phase: "contract",
  why: "only what names it no longer finds it: ON CONFLICT ON CONSTRAINT, error handling, later migrations",
  instead: "search the code for the old name first",
  bad: [
    "ALTER TABLE app.users RENAME CONSTRAINT users_age_check TO age_positive;",
    "ALTER INDEX app.orders_state_index RENAME TO orders_by_state;",
    "ALTER DOMAIN app.zip RENAME CONSTRAINT zip_form TO digits;",
    "ALTER TRIGGER touch_notes ON app.notes RENAME TO touched;",
    "ALTER POLICY tenant_only ON app.tenants RENAME TO own_rows;",
  ],
  good: ["CREATE TABLE scratch (id int CONSTRAINT c CHECK (id > 0)); ALTER TABLE scratch RENAME CONSTRAINT c TO d;"],
  check(statement, state) {
    if (!isTagged(statement, "RenameStmt") || !isGuard(statement.node)) return [];
    const { relation, object, subname = "" } = statement.node;
    if (relation !== undefined && isNewHere(relationName(relation), state)) return [];
    const owner = object === undefined ? relationName(relation) : qualifiedName(nameParts(object));
    return [{ subject: shown(owner, subname) }];
  },
};

function isGuard({ renameType }: RenameStmt): boolean {
  return /^OBJECT_(TABCONSTRAINT|DOMCONSTRAINT|INDEX|TRIGGER|POLICY|RULE)$/.test(renameType ?? "");
}
