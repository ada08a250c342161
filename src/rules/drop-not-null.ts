import type { Rule } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { isNewHere, qualifiedName, shown } from "./names.ts";
import { isTagged, strings } from "./nodes.ts";

export const dropNotNull: Rule = {
  id: "drop-not-null",
  title: "Let a column be null",
  hazard: "note",
  phase: "expand",
  why: "nulls can be written from now on, which the running release may not expect; SET NOT NULL fails once there are any",
  instead: "let the release that can read nulls run everywhere first",
  bad: [
    "ALTER TABLE app.users ALTER COLUMN email DROP NOT NULL;",
    "ALTER TABLE app.orders ALTER user_id DROP NOT NULL, ALTER state DROP NOT NULL;",
    "ALTER DOMAIN app.required DROP NOT NULL;",
  ],
  good: [
    "ALTER TABLE app.users ALTER email DROP NOT NULL; ALTER TABLE app.users ALTER email SET NOT NULL;",
    "ALTER TABLE app.users ALTER COLUMN phone DROP DEFAULT;",
    "CREATE TABLE scratch (id int NOT NULL); ALTER TABLE scratch ALTER id DROP NOT NULL;",
    "ALTER TABLE app.users ADD COLUMN note text NOT NULL DEFAULT ''; ALTER TABLE app.users ALTER note DROP NOT NULL;",
  ],
  check(statement, state) {
    if (isTagged(statement, "AlterDomainStmt")) {
      return statement.node.subtype === "N"
        ? [{ subject: shown(qualifiedName(strings(statement.node.typeName))) }]
        : [];
    }
    return alterations(statement)
      .filter(({ action }) => action.subtype === "AT_DropNotNull")
      .filter(
        ({ relation, action }) => !isNewHere(relation, state) && !state.columnAddedInRun(relation, action.name ?? ""),
      )
      .map(({ relation, action: { name = "" } }) => {
        const hit = { subject: shown(relation, name) };
        // what was let in meanwhile would make the SET NOT NULL fail
        return { ...hit, settle: (end) => (end.isNotNull(relation, name) ? null : hit) };
      });
  },
};
