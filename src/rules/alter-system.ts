import type { Rule } from "../model/rule.ts";
import { isTagged } from "./nodes.ts";
import { ofSet } from "./settings.ts";

/** Settings that the way back rests on: archiving, WAL, slots, durability, prepared transactions. */
const recovery =
  /^(archive_|wal_|max_wal|min_wal|max_slot|max_replication|fsync|full_page_writes|synchronous_|restore_|recovery_|primary_|hot_standby|summarize_wal|track_commit|idle_replication|data_checksums)/;

export const alterSystem: Rule = {
  id: "alter-system",
  title: "Change the server's settings",
  hazard: "recoverability",
  phase: "migrate",
  why: "settings that backups, archiving and crash recovery rest on change behind the operator's back",
  instead: "set it in the Cluster: spec.postgresql.parameters",
  bad: ["ALTER SYSTEM SET archive_mode = off;", "ALTER SYSTEM RESET ALL;", "ALTER SYSTEM SET work_mem = '64MB';"],
  good: ["SET work_mem = '64MB';", "SET LOCAL synchronous_commit = off;"],
  check(statement) {
    if (!isTagged(statement, "AlterSystemStmt")) return [];
    const { name } = ofSet(statement.node.setstmt ?? {});
    if (name === "") return [{ subject: "every setting" }];
    return [{ subject: name, ...(recovery.test(name) ? {} : other) }];
  },
};

const other = {
  hazard: "availability",
  why: "changes the whole server behind the operator's back, at the next reload or restart",
} as const;
