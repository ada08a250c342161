import type { Rule } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { isNewHere, shown } from "./names.ts";
import { identifier, pasted } from "./paste.ts";
import { isProvenNotNull } from "./proven-not-null.ts";

/** PostgreSQL spares itself the scan where a valid CHECK (c IS NOT NULL) proves it. */
export const setNotNullScan: Rule = {
  id: "set-not-null-scan",
  title: "Forbid nulls by reading every row",
  hazard: "availability",
  phase: "contract",
  why: "nobody can read or write the table (ACCESS EXCLUSIVE lock) while every row is read",
  instead: "ADD CONSTRAINT … NOT NULL c NOT VALID, then VALIDATE it in a transaction of its own",
  bad: ["ALTER TABLE app.users ALTER COLUMN name SET NOT NULL;"],
  good: [
    "ALTER TABLE app.users ADD CONSTRAINT named CHECK (name IS NOT NULL) NOT VALID; ALTER TABLE app.users VALIDATE CONSTRAINT named; ALTER TABLE app.users ALTER COLUMN name SET NOT NULL;",
    "ALTER TABLE app.users ADD CONSTRAINT named NOT NULL name NOT VALID;",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch ALTER id SET NOT NULL;",
  ],
  check: (statement, state) =>
    alterations(statement)
      .filter(({ action }) => action.subtype === "AT_SetNotNull")
      .filter(({ relation, action }) => !isProvenNotNull(relation, action.name ?? "", state))
      .filter(({ relation }) => !isNewHere(relation, state))
      .map(({ relation, action: { name = "" } }) => {
        const constraint = identifier(`${relation.name}_${name}_not_null`);
        const add = `ADD CONSTRAINT ${constraint} CHECK (${identifier(name)} IS NOT NULL) NOT VALID`;
        return {
          subject: shown(relation, name),
          instead: `before it: ALTER TABLE ${pasted(relation)} ${add}; then VALIDATE CONSTRAINT ${constraint}`,
        };
      }),
};
