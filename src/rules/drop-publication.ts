import type { Rule } from "../model/rule.ts";
import { dropOf } from "./drops.ts";
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
  good: ["ALTER PUBLICATION changes ADD TABLE app.notes;", "CREATE PUBLICATION fresh FOR TABLE app.notes;"],
  check(statement) {
    const drop = dropOf(statement, "OBJECT_PUBLICATION");
    if (drop !== null) return drop.objects.map((object) => ({ subject: nameParts(object).join(".") }));
    if (!isTagged(statement, "AlterPublicationStmt")) return [];
    const { pubname = "", action, pubobjects = [] } = statement.node;
    return action !== "AP_AddObjects" && pubobjects.length > 0 ? [{ subject: pubname }] : [];
  },
};
