import type { Rule } from "../model/rule.ts";
import { systemCalls } from "./function-calls.ts";

/** The slot's name is a literal, so it is not shown. */
export const dropReplicationSlot: Rule = {
  id: "drop-replication-slot",
  title: "Drop a replication slot or end a base backup",
  hazard: "recoverability",
  phase: "contract",
  why: "a replica, subscriber or backup that rests on it may have to be made anew",
  instead: "let its consumer end it, or check that it has none: pg_replication_slots.active",
  bad: ["SELECT pg_drop_replication_slot('far_replica');", "SELECT pg_catalog.pg_backup_stop();"],
  good: ["SELECT slot_name FROM pg_replication_slots;"],
  check: (statement) =>
    systemCalls(statement)
      .filter(({ name }) => name === "pg_drop_replication_slot" || name === "pg_backup_stop")
      .map(({ name }) => ({ subject: name, survivesRollback: true })),
};
