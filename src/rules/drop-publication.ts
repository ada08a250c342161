import type { Rule } from "../model/rule.ts";
import { dropOf, isMadeHere } from "./drops.ts";
import { nameParts } from "./names.ts";
import { isTagged } from "./nodes.ts";

export const dropPublication: Rule = {
  id: "drop-publication",
  title: "Stop publishing tables",
  hazard: "recoverability",
  phase: "contract",
  why: "subscribers get no more changes, and what happens meanwhile never reaches them",
  instead: "end the subscriptions first, then drop the publication",
  bad: [
    "DROP PUBLICATION changes;",
    "ALTER PUBLICATION changes DROP TABLE app.users;",
    "ALTER PUBLICATION changes SET TABLE app.notes;",
  ],
  good: [
    "ALTER PUBLICATION changes ADD TABLE app.notes;",
    "CREATE PUBLICATION fresh FOR TABLE app.notes; DROP PUBLICATION fresh;",
  ],
  check(statement, state) {
    const drop = dropOf(statement, "OBJECT_PUBLICATION");
    if (drop !== null) {
      const old = drop.objects.filter((object) => !isMadeHere(drop.kind, object, state));
      return old.map((object) => ({ subject: nameParts(object).join(".") }));
    }
    if (!isTagged(statement, "AlterPublicationStmt")) return [];
    const { pubname = "", action, pubobjects = [] } = statement.node;
    return action !== "AP_AddObjects" && pubobjects.length > 0 ? [{ subject: pubname }] : [];
  },
};
