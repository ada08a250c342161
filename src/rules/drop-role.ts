import type { Rule } from "../model/rule.ts";
import { roleNames } from "./names.ts";
import { isTagged } from "./nodes.ts";

/** PostgreSQL refuses while the role owns anything, so no data goes with it. */
export const dropRole: Rule = {
  id: "drop-role",
  title: "Drop a role",
  hazard: "compatibility",
  phase: "contract",
  why: "whoever logs in with it, or has rights through it, is locked out",
  instead: "ALTER ROLE … NOLOGIN first, drop it once nobody missed it",
  bad: ["DROP ROLE nobody_left;", "DROP USER IF EXISTS nobody_left;"],
  good: ["CREATE ROLE fresh;", "CREATE ROLE fresh; DROP ROLE fresh;"],
  check(statement, state) {
    if (!isTagged(statement, "DropRoleStmt")) return [];
    const names = roleNames(statement.node.roles).filter(
      (name) => !state.madeHere("OBJECT_ROLE", { schema: "", name }),
    );
    return names.map((subject) => ({ subject }));
  },
};
