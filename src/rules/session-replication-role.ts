import type { Rule } from "../model/rule.ts";
import { settingsOf } from "./settings.ts";

/** pg_dump --disable-triggers and seed scripts do this; a value not known here counts as `replica`. */
export const sessionReplicationRole: Rule = {
  id: "session-replication-role",
  title: "Write as if replicating",
  hazard: "integrity",
  phase: "migrate",
  why: "no trigger and no foreign key checks what is written meanwhile, and nothing checks it later",
  instead: "load in an order that satisfies the foreign keys, or defer them: SET CONSTRAINTS ALL DEFERRED",
  bad: [
    "SET session_replication_role = replica;",
    "SET LOCAL session_replication_role TO 'replica';",
    "SELECT set_config('session_replication_role', 'replica', true);",
    "ALTER ROLE writer SET session_replication_role = replica;",
  ],
  good: ["SET session_replication_role = origin;", "RESET session_replication_role;", "SET CONSTRAINTS ALL DEFERRED;"],
  check: (statement) =>
    settingsOf(statement)
      .filter(({ name, value, isReset }) => name === "session_replication_role" && !isReset && !isHarmless(value))
      .map(({ name }) => ({ subject: name })),
};

function isHarmless(value: string | null): boolean {
  return value === "origin" || value === "local";
}
