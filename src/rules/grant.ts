import type { GrantStmt } from "@pgsql/types";
import type { Rule, RunState, SubjectHit } from "../model/rule.ts";
import { grantedRoles, grantSubjects } from "./grants.ts";
import { isNewHere, relationName, roleNames } from "./names.ts";
import { isTagged } from "./nodes.ts";

/** To everyone is `grant-to-public`, the right to hand on `grant-option`, PostgreSQL's own strong roles `powerful-role`. */
export const grant: Rule = {
  id: "grant",
  title: "Give rights to a role",
  hazard: "note",
  phase: "expand",
  why: "the role can reach more than before",
  instead: "name the rights it needs, not ALL, and the tables, not ALL TABLES",
  bad: [
    "GRANT SELECT ON app.orders TO writer;",
    "GRANT ALL ON ALL TABLES IN SCHEMA app TO writer;",
    "GRANT reader TO leaver;",
  ],
  good: [
    "CREATE TABLE scratch (id int); GRANT SELECT ON scratch TO reader;",
    "GRANT SELECT ON app.orders TO PUBLIC;",
    "REVOKE SELECT ON app.users FROM reader;",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO reader;",
  ],
  check(statement, state) {
    if (isTagged(statement, "GrantStmt")) return ofObjects(statement.node, state);
    if (!isTagged(statement, "GrantRoleStmt") || !statement.node.is_grant) return [];
    return grantedRoles(statement.node)
      .filter((role) => !role.startsWith("pg_"))
      .map((subject) => ({ subject }));
  },
};

function ofObjects(node: GrantStmt, state: RunState): readonly SubjectHit[] {
  const { is_grant, grant_option, targtype, grantees, objects = [] } = node;
  if (!is_grant || grant_option || targtype === "ACL_TARGET_DEFAULTS") return [];
  if (roleNames(grantees).includes("PUBLIC")) return [];
  const old = objects.filter((object) => !("RangeVar" in object && isNewHere(relationName(object.RangeVar), state)));
  return grantSubjects({ ...node, objects: old }).map((subject) => ({ subject }));
}
