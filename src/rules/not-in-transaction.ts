import type { Rule, Statement } from "../model/rule.ts";
import { isTagged } from "./nodes.ts";
import { isOn, optionsOf } from "./options.ts";

/** Statements that PostgreSQL refuses inside a transaction block, by what they start with. */
export const notInTransaction: Rule = {
  id: "not-in-transaction",
  title: "Run inside a transaction what PostgreSQL runs only outside",
  hazard: "note",
  phase: "migrate",
  why: "is refused inside a transaction block, so the run fails here",
  instead: "put it into a file of its own that runs without a transaction (the tool's option or header)",
  bad: [
    "CREATE INDEX CONCURRENTLY orders_user ON app.orders (user_id);",
    "DROP INDEX CONCURRENTLY app.orders_state_index;",
    "REINDEX TABLE CONCURRENTLY app.users;",
    "VACUUM app.users;",
    "ALTER TABLE app.events DETACH PARTITION app.events_2025 CONCURRENTLY;",
    "CREATE DATABASE shop;",
  ],
  good: ["REINDEX TABLE app.users;", "ANALYZE app.users;", "CREATE INDEX ON app.orders (user_id);"],
  check(statement, state) {
    const name = refusedInside(statement);
    const isInside = statement.within !== "text" || state.history.transaction() !== "none";
    return name === "" || !isInside ? [] : [{ subject: name }];
  },
};

function refusedInside(statement: Statement): string {
  const [name] = [ofIndex(statement), ofDatabase(statement), ofTable(statement)].filter((found) => found !== "");
  return name ?? "";
}

function ofIndex(statement: Statement): string {
  if (isTagged(statement, "IndexStmt") && statement.node.concurrent) return "CREATE INDEX CONCURRENTLY";
  if (isTagged(statement, "DropStmt") && statement.node.concurrent) return "DROP INDEX CONCURRENTLY";
  if (!isTagged(statement, "ReindexStmt")) return "";
  const { kind = "", params } = statement.node;
  const isConcurrent = optionsOf(params).some((option) => option.defname === "concurrently" && isOn(option));
  return isConcurrent || /SCHEMA|SYSTEM|DATABASE/.test(kind) ? "REINDEX" : "";
}

const ofServer: ReadonlyMap<string, string> = new Map([
  ["CreatedbStmt", "CREATE DATABASE"],
  ["DropdbStmt", "DROP DATABASE"],
  ["CreateTableSpaceStmt", "CREATE TABLESPACE"],
  ["DropTableSpaceStmt", "DROP TABLESPACE"],
  ["AlterSystemStmt", "ALTER SYSTEM"],
]);

function ofDatabase(statement: Statement): string {
  return ofServer.get(statement.tag) ?? "";
}

function ofTable(statement: Statement): string {
  if (isTagged(statement, "VacuumStmt")) return statement.node.is_vacuumcmd ? "VACUUM" : "";
  if (isTagged(statement, "ClusterStmt")) return statement.node.relation === undefined ? "CLUSTER" : "";
  if (!isTagged(statement, "AlterTableStmt")) return "";
  const isConcurrent = (statement.node.cmds ?? []).some((node) => {
    const def = "AlterTableCmd" in node ? node.AlterTableCmd.def : undefined;
    return def !== undefined && "PartitionCmd" in def && def.PartitionCmd.concurrent === true;
  });
  return isConcurrent ? "DETACH PARTITION CONCURRENTLY" : "";
}
