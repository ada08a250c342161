import type { GrantRoleStmt, GrantStmt, Node } from "@pgsql/types";
import { nameParts, qualifiedName, shown } from "./names.ts";

/** What a GRANT or REVOKE is about: its objects by name; "s.*" for all of a kind in schema s. */
export function grantSubjects({ targtype, objects = [] }: GrantStmt): readonly string[] {
  const suffix = targtype === "ACL_TARGET_ALL_IN_SCHEMA" ? ".*" : "";
  return objects.map((object) => `${objectName(object)}${suffix}`);
}

/** The roles whose membership is granted or revoked. */
export function grantedRoles({ granted_roles: roles = [] }: GrantRoleStmt): readonly string[] {
  return roles.flatMap((role) => ("AccessPriv" in role ? [role.AccessPriv.priv_name ?? ""] : []));
}

/** Large objects are named by number. */
function objectName(object: Node): string {
  return "Integer" in object ? `large object ${object.Integer.ival ?? 0}` : shown(qualifiedName(nameParts(object)));
}
