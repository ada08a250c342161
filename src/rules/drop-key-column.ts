import type { Rule } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { isNewHere, shown } from "./names.ts";
import { identifier, pasted } from "./paste.ts";

/** What a column is part of cannot be seen here; by their names these are keys everywhere. Both cases of tools are meant. */
const keyName = /(^|_)(id|uuid|key)$|[a-z](Id|Uuid|Key)$/;

export const dropKeyColumn: Rule = {
  id: "drop-key-column",
  title: "Drop a key column with the guards that rest on it",
  hazard: "integrity",
  phase: "contract",
  why: "primary key, unique and foreign keys the column is part of go with it in silence, and so do indexes",
  instead: "DROP CONSTRAINT by name first, once its successor is in place",
  bad: ["ALTER TABLE app.orders DROP COLUMN user_id;", "ALTER TABLE app.orders DROP id;"],
  good: [
    "ALTER TABLE app.users DROP COLUMN phone;",
    "CREATE TABLE scratch (id int, note text); ALTER TABLE scratch DROP COLUMN id;",
    "ALTER TABLE app.notes ADD COLUMN user_id int; ALTER TABLE app.notes DROP COLUMN user_id;",
  ],
  check: (statement, state) =>
    alterations(statement)
      .filter(({ kind, action }) => kind === "OBJECT_TABLE" && action.subtype === "AT_DropColumn")
      .filter(({ action: { name = "" } }) => keyName.test(name))
      .filter(({ relation, action: { name = "" } }) => {
        return !isNewHere(relation, state) && !state.columnAddedInRun(relation, name);
      })
      .map(({ relation, action: { name = "" } }) => ({
        subject: shown(relation, name),
        instead: `ALTER TABLE ${pasted(relation)} DROP CONSTRAINT … of ${identifier(name)} by name first, once its successor is in place`,
      })),
};
