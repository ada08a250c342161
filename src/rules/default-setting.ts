import type { Rule, Statement, SubjectHit } from "../model/rule.ts";
import { roleName } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { ofSet } from "./settings.ts";

/** Settings that decide what names mean, what may be written, and what is loaded. */
const breaking = new Set([
  "search_path",
  "role",
  "default_transaction_read_only",
  "default_transaction_isolation",
  "row_security",
  "session_preload_libraries",
  "local_preload_libraries",
  "timezone",
  "datestyle",
  "bytea_output",
]);

/** The other ways of losing what was committed (fsync, full_page_writes) are the server's alone. */
const durable = "synchronous_commit";

export const defaultSetting: Rule = {
  id: "default-setting",
  title: "Change a setting of all later sessions of a role or database",
  hazard: "note",
  phase: "migrate",
  why: "every session that connects later, the running release's too, starts with this value",
  instead: "SET it in the session that needs it",
  bad: [
    "ALTER ROLE writer SET work_mem = '64MB';",
    "ALTER ROLE writer SET search_path = archive;",
    "ALTER DATABASE postgres SET default_transaction_read_only = on;",
    "ALTER ROLE writer SET synchronous_commit = off;",
    "ALTER ROLE ALL SET statement_timeout = '30s';",
  ],
  good: ["SET search_path = app;", "SET LOCAL synchronous_commit = off;"],
  check(statement) {
    const [subject, name] = changed(statement);
    if (name === "session_replication_role") return []; // a rule of its own
    return subject === ""
      ? []
      : [{ subject: `${subject}: ${name === "" ? "every setting" : name}`, ...effectOf(name) }];
  },
};

/** Whose setting and which one; "" if the statement changes none. */
function changed(statement: Statement): readonly [string, string] {
  if (isTagged(statement, "AlterDatabaseSetStmt")) {
    return [statement.node.dbname ?? "", ofSet(statement.node.setstmt ?? {}).name];
  }
  if (!isTagged(statement, "AlterRoleSetStmt")) return ["", ""];
  const { role, database = "", setstmt } = statement.node;
  const whose = role === undefined ? (database === "" ? "every role" : database) : roleName(role);
  return [whose, ofSet(setstmt ?? {}).name];
}

function effectOf(name: string): Omit<SubjectHit, "subject"> {
  if (name === durable) return losesCommits;
  return breaking.has(name) || name === "" ? breaks : {};
}

const breaks = {
  hazard: "compatibility",
  why: "later sessions of the running release resolve names, read or write otherwise than it expects",
} as const;

const losesCommits = {
  hazard: "recoverability",
  why: "later sessions may be told that a commit is done which a crash then loses",
} as const;
