import type { Rule } from "../model/rule.ts";
import { grantSubjects } from "./grants.ts";
import { isTagged } from "./nodes.ts";

/** GRANT role … WITH ADMIN OPTION is `powerful-role`. */
export const grantOption: Rule = {
  id: "grant-option",
  title: "Give rights together with the right to hand them on",
  hazard: "privilege",
  phase: "expand",
  why: "the role can give these rights to whomever it likes; a later REVOKE needs CASCADE to reach them",
  instead: "GRANT without WITH GRANT OPTION, once for each role that needs it",
  bad: [
    "GRANT SELECT ON app.orders TO writer WITH GRANT OPTION;",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO writer WITH GRANT OPTION;",
  ],
  good: ["GRANT SELECT ON app.orders TO writer;", "REVOKE GRANT OPTION FOR SELECT ON app.users FROM reader;"],
  check(statement) {
    if (isTagged(statement, "AlterDefaultPrivilegesStmt")) {
      const { is_grant, grant_option } = statement.node.action ?? {};
      return is_grant && grant_option ? [{ subject: "default privileges" }] : [];
    }
    if (!isTagged(statement, "GrantStmt")) return [];
    const { is_grant, grant_option } = statement.node;
    return is_grant && grant_option ? grantSubjects(statement.node).map((subject) => ({ subject })) : [];
  },
};
