import type { GrantStmt } from "@pgsql/types";
import type { Rule, SubjectHit } from "../model/rule.ts";
import { grantSubjects } from "./grants.ts";
import { roleNames } from "./names.ts";
import { isTagged } from "./nodes.ts";

export const grantToPublic: Rule = {
  id: "grant-to-public",
  title: "Give rights to everyone",
  hazard: "privilege",
  phase: "expand",
  why: "every role of the database, now and later, gets these rights",
  instead: "grant to the roles that need it",
  bad: [
    "GRANT ALL ON app.users TO PUBLIC;",
    "GRANT SELECT ON ALL TABLES IN SCHEMA app TO PUBLIC;",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC;",
  ],
  good: ["GRANT SELECT ON app.orders TO reader;", "REVOKE ALL ON app.orders FROM PUBLIC;"],
  check(statement) {
    if (isTagged(statement, "GrantStmt")) return publicHits(statement.node);
    if (!isTagged(statement, "AlterDefaultPrivilegesStmt")) return [];
    return publicHits(statement.node.action ?? {});
  },
};

function publicHits(node: GrantStmt): readonly SubjectHit[] {
  if (!node.is_grant || !roleNames(node.grantees).includes("PUBLIC")) return [];
  if (node.targtype === "ACL_TARGET_DEFAULTS") return [{ subject: "default privileges" }];
  return grantSubjects(node).map((subject) => ({ subject }));
}
