import type { Rule } from "../model/rule.ts";
import { roleNames } from "./names.ts";
import { isTagged } from "./nodes.ts";

export const dropOwned: Rule = {
  id: "drop-owned",
  title: "Drop everything a role owns",
  hazard: "data-loss",
  phase: "contract",
  why: "deletes every table and other object the role owns, and its privileges; only a restore brings them back",
  instead: "REASSIGN OWNED to another role, then drop objects by name",
  bad: ["DROP OWNED BY leaver;", "DROP OWNED BY reader, leaver CASCADE;"],
  good: ["REASSIGN OWNED BY leaver TO writer;"],
  check: (statement) =>
    isTagged(statement, "DropOwnedStmt") ? roleNames(statement.node.roles).map((subject) => ({ subject })) : [],
};
