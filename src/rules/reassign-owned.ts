import type { Rule } from "../model/rule.ts";
import { roleNames } from "./names.ts";
import { isTagged } from "./nodes.ts";

export const reassignOwned: Rule = {
  id: "reassign-owned",
  title: "Give everything a role owns to another role",
  hazard: "compatibility",
  phase: "contract",
  why: "the old owner loses its rights on all of it, and a release that runs as that role fails",
  instead: "grant the old owner what the release needs first, or ALTER … OWNER TO for single objects",
  bad: ["REASSIGN OWNED BY leaver TO writer;"],
  good: ["ALTER ROLE leaver SET search_path = app;"],
  check: (statement) =>
    isTagged(statement, "ReassignOwnedStmt") ? roleNames(statement.node.roles).map((subject) => ({ subject })) : [],
};
