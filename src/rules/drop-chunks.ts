import type { Rule } from "../model/rule.ts";
import { systemCalls } from "./function-calls.ts";

/** TimescaleDB, pg_partman and Citus. The table's name is a literal, so it is not shown. */
const functions = new Set([
  "drop_chunks",
  "add_retention_policy",
  "drop_partition_time",
  "drop_partition_id",
  "undistribute_table",
]);

export const dropChunks: Rule = {
  id: "drop-chunks",
  title: "Drop chunks or partitions by an extension's function",
  hazard: "data-loss",
  phase: "contract",
  why: "deletes every row older than its bound, now or from now on; only a restore brings them back",
  instead: "list what would go first (show_chunks), save it, then drop it by name",
  bad: [
    "SELECT drop_chunks('metrics', INTERVAL '3 months');",
    "SELECT add_retention_policy('metrics', INTERVAL '3 months');",
  ],
  good: ["SELECT show_chunks('metrics', INTERVAL '3 months');"],
  check: (statement) =>
    systemCalls(statement)
      .filter(({ name }) => functions.has(name))
      .map(({ name }) => ({ subject: name })),
};
