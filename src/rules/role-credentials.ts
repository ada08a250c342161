import type { DefElem } from "@pgsql/types";
import type { Rule } from "../model/rule.ts";
import { roleName } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { optionsOf } from "./options.ts";
import { identifier } from "./paste.ts";

/**
 * Made together with the role they lock nobody out: CREATE ROLE passes. A new password is how one is rotated, in step with
 * its Secret, so it is no more than a note.
 */
export const roleCredentials: Rule = {
  id: "role-credentials",
  title: "Change how a role may log in: password, its end, number of connections",
  hazard: "compatibility",
  phase: "contract",
  why: "a release that connects as this role is locked out",
  instead: "give a second role the new credentials, move the releases over, take the old one's away later",
  bad: [
    "ALTER ROLE writer PASSWORD NULL;",
    "ALTER ROLE writer PASSWORD 'secret';",
    "ALTER USER writer VALID UNTIL '2030-01-01';",
    "ALTER ROLE writer CONNECTION LIMIT 3;",
  ],
  good: [
    "CREATE ROLE fresh LOGIN PASSWORD 'secret' VALID UNTIL '2030-01-01';",
    "ALTER ROLE writer VALID UNTIL 'infinity';",
    "ALTER ROLE writer CONNECTION LIMIT -1;",
  ],
  check(statement) {
    if (!isTagged(statement, "AlterRoleStmt")) return [];
    const role = roleName(statement.node.role);
    const reasons = optionsOf(statement.node.options).flatMap((option) => reasonOf(option));
    const instead = `give a second role the new credentials (CREATE ROLE … IN ROLE ${identifier(role)} LOGIN), move the releases over first`;
    return reasons.map((why) => ({ subject: role, why, instead, ...(why === newPassword ? { hazard: "note" } : {}) }));
  },
};

function reasonOf({ defname = "", arg }: DefElem): readonly string[] {
  if (defname === "password") return [arg === undefined ? noPassword : newPassword];
  if (defname === "validUntil") return isEndless(arg) ? [] : [ends];
  const isLimit = defname === "connectionlimit" && arg !== undefined && "Integer" in arg;
  return isLimit && (arg.Integer.ival ?? 0) >= 0 ? [limited] : [];
}

function isEndless(arg: DefElem["arg"]): boolean {
  return arg !== undefined && "String" in arg && arg.String.sval?.toLowerCase() === "infinity";
}

const noPassword = "no password is right any more: a release that connects as this role by password is locked out";
const newPassword = "a release that still connects with the old password is locked out";
const ends = "once the moment has passed, a release that connects as this role by password is locked out";
const limited = "connections of the running release beyond this number are refused";
