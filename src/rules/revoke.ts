import type { GrantRoleStmt, GrantStmt } from "@pgsql/types";
import type { Rule, RunState, SubjectHit } from "../model/rule.ts";
import { grantedRoles, grantSubjects } from "./grants.ts";
import { isNewHere, relationName } from "./names.ts";
import { isTagged } from "./nodes.ts";

/** REVOKE GRANT OPTION FOR leaves the right itself. ALTER DEFAULT PRIVILEGES … REVOKE is about objects to come, so nothing that runs loses a right by it. */
export const revoke: Rule = {
  id: "revoke",
  title: "Take rights away",
  hazard: "compatibility",
  phase: "contract",
  why: "what the running release does with these rights fails from now on",
  instead: "revoke once no running release uses the rights",
  bad: [
    "REVOKE SELECT ON app.users FROM reader;",
    "REVOKE ALL ON ALL TABLES IN SCHEMA app FROM reader;",
    "REVOKE reader FROM writer;",
    "REVOKE USAGE ON SCHEMA app FROM reader;",
  ],
  good: [
    "GRANT SELECT ON app.orders TO reader;",
    "REVOKE GRANT OPTION FOR SELECT ON app.users FROM reader;",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE ALL ON TABLES FROM reader;",
    "CREATE TABLE scratch (id int); GRANT SELECT ON scratch TO reader; REVOKE SELECT ON scratch FROM reader;",
  ],
  check(statement, state) {
    if (isTagged(statement, "GrantRoleStmt")) return ofRoles(statement.node);
    return isTagged(statement, "GrantStmt") ? ofObjects(statement.node, state) : [];
  },
};

function ofRoles(node: GrantRoleStmt): readonly SubjectHit[] {
  return node.is_grant ? [] : grantedRoles(node).map((subject) => ({ subject }));
}

function ofObjects(node: GrantStmt, state: RunState): readonly SubjectHit[] {
  if (node.is_grant || isOptionAlone(node) || node.targtype === "ACL_TARGET_DEFAULTS") return [];
  const { objects = [] } = node;
  const isNew = (object: (typeof objects)[number]) =>
    "RangeVar" in object && isNewHere(relationName(object.RangeVar), state);
  const old = { ...node, objects: objects.filter((object) => !isNew(object)) };
  return grantSubjects(old).map((subject) => ({ subject }));
}

function isOptionAlone({ grant_option, behavior }: GrantStmt): boolean {
  return grant_option === true && behavior !== "DROP_CASCADE";
}
