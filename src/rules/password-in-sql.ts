import type { DefElem, Node } from "@pgsql/types";
import type { Rule, Statement } from "../model/rule.ts";
import { markerPrefix } from "../model/sql.ts";
import { roleName } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { optionsOf, optionText } from "./options.ts";

/** A SCRAM verifier is not the password, and a value filled in at run time is not in the text. */
export const passwordInSql: Rule = {
  id: "password-in-sql",
  title: "Write a password into SQL",
  hazard: "privilege",
  phase: "migrate",
  why: "whoever can read this text, its history or the server's log can log in as the role",
  instead: "take it from a Secret: spec.managed.roles[].passwordSecret of the Cluster, or psql's :'variable'",
  bad: [
    "CREATE ROLE fresh LOGIN PASSWORD 'secret';",
    "ALTER ROLE writer PASSWORD 'secret';",
    "CREATE USER MAPPING FOR writer SERVER far OPTIONS (user 'a', password 'secret');",
  ],
  good: [
    "CREATE ROLE fresh LOGIN;",
    "ALTER ROLE writer PASSWORD NULL;",
    "CREATE ROLE fresh LOGIN PASSWORD 'SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy';",
  ],
  check: (statement) => {
    const [subject, options] = credentials(statement);
    return optionsOf(options).some(isWritten) ? [{ subject }] : [];
  },
};

function credentials(statement: Statement): readonly [string, readonly Node[] | undefined] {
  if (isTagged(statement, "CreateRoleStmt")) return [statement.node.role ?? "", statement.node.options];
  if (isTagged(statement, "AlterRoleStmt")) return [roleName(statement.node.role), statement.node.options];
  if (isTagged(statement, "CreateUserMappingStmt")) return [roleName(statement.node.user), statement.node.options];
  return ["", undefined];
}

function isWritten(option: DefElem): boolean {
  const value = optionText(option);
  return option.defname === "password" && value !== "" && !value.startsWith("SCRAM-") && !value.includes(markerPrefix);
}
