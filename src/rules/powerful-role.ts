import type { GrantRoleStmt } from "@pgsql/types";
import type { Rule, SubjectHit } from "../model/rule.ts";
import { grantedRoles } from "./grants.ts";
import { isTagged } from "./nodes.ts";
import { roleChangeOf } from "./role-options.ts";

const powers = ["superuser", "createrole", "createdb", "isreplication", "bypassrls"];

/** PostgreSQL's own roles that read or write everything, run programs, or end other sessions. */
const powerfulRoles =
  /^pg_(read_all_data|write_all_data|execute_server_program|read_server_files|write_server_files|signal_backend|maintain|database_owner|create_subscription|checkpoint)$/;

export const powerfulRole: Rule = {
  id: "powerful-role",
  title: "Make a role powerful",
  hazard: "privilege",
  phase: "expand",
  why: "the role can get past the rights of tables and rows, or hand such power on",
  instead: "grant the rights on the objects it needs",
  bad: [
    "ALTER ROLE writer SUPERUSER;",
    "CREATE USER fresh WITH LOGIN BYPASSRLS;",
    "GRANT pg_write_all_data TO reader;",
    "GRANT reader TO leaver WITH ADMIN OPTION;",
  ],
  good: ["CREATE ROLE fresh LOGIN;", "GRANT reader TO leaver;", "ALTER ROLE writer NOSUPERUSER;"],
  check(statement) {
    if (isTagged(statement, "GrantRoleStmt")) return ofMembership(statement.node);
    const change = roleChangeOf(statement);
    return change !== null && powers.some((power) => change.switches.get(power)) ? [{ subject: change.role }] : [];
  },
};

function ofMembership(node: GrantRoleStmt): readonly SubjectHit[] {
  if (!node.is_grant) return [];
  return grantedRoles(node)
    .filter((role) => powerfulRoles.test(role) || handsOn(node))
    .map((subject) => ({ subject }));
}

function handsOn({ opt = [] }: GrantRoleStmt): boolean {
  return opt.some(
    (option) =>
      "DefElem" in option &&
      option.DefElem.defname === "admin" &&
      option.DefElem.arg !== undefined &&
      "Boolean" in option.DefElem.arg &&
      option.DefElem.arg.Boolean.boolval === true,
  );
}
