import type { Rule } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { isNewHere, qualifiedName, shown } from "./names.ts";
import { isTagged, strings } from "./nodes.ts";

export const changeDefault: Rule = {
  id: "change-default",
  title: "Change or drop a column's default",
  hazard: "note",
  phase: "contract",
  why: "inserts of the running release that leave the column out get another value, or fail if it may not be null",
  instead: "let the release that always writes the column run everywhere first",
  bad: [
    "ALTER TABLE app.users ALTER COLUMN phone DROP DEFAULT;",
    "ALTER TABLE app.orders ALTER state SET DEFAULT 'open';",
    "ALTER DOMAIN app.mark SET DEFAULT 7;",
  ],
  good: [
    "ALTER TABLE app.notes ADD COLUMN n int NOT NULL DEFAULT 0; ALTER TABLE app.notes ALTER n DROP DEFAULT;",
    "CREATE TABLE scratch (id int DEFAULT 1); ALTER TABLE scratch ALTER id DROP DEFAULT;",
  ],
  check(statement, state) {
    if (isTagged(statement, "AlterDomainStmt")) {
      const { subtype, typeName } = statement.node;
      return subtype === "T" ? [{ subject: shown(qualifiedName(strings(typeName))) }] : [];
    }
    return alterations(statement)
      .filter(({ action }) => action.subtype === "AT_ColumnDefault")
      .filter(({ relation, action: { name = "" } }) => {
        return !isNewHere(relation, state) && !state.columnAddedInRun(relation, name);
      })
      .map(({ relation, action }) => ({ subject: shown(relation, action.name) }));
  },
};
