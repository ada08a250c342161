import type { Rule } from "../model/rule.ts";
import { alterationHits } from "./alterations.ts";
import { isTagged } from "./nodes.ts";

/** ENABLE REPLICA makes it fire on replicas only, which switches it off here. */
export const disableTrigger: Rule = {
  id: "disable-trigger",
  title: "Switch a trigger or rule off",
  hazard: "integrity",
  phase: "migrate",
  why: "what it checked, copied or filled in no longer happens; ALL means foreign keys too, and nothing checks later what was written meanwhile",
  instead: "write so that the triggers may fire; if they must not, check the rows before switching them on again",
  bad: [
    "ALTER TABLE app.notes DISABLE TRIGGER touch_notes;",
    "ALTER TABLE app.orders DISABLE TRIGGER ALL;",
    "ALTER TABLE app.notes DISABLE TRIGGER USER;",
    "ALTER TABLE app.notes ENABLE REPLICA TRIGGER touch_notes;",
    "ALTER TABLE app.vehicles DISABLE RULE keep_vehicles;",
    "ALTER EVENT TRIGGER watch_ddl DISABLE;",
  ],
  good: [
    "ALTER TABLE app.notes ENABLE ALWAYS TRIGGER touch_notes;",
    "ALTER EVENT TRIGGER watch_ddl ENABLE;",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch DISABLE TRIGGER ALL;",
  ],
  check(statement, state) {
    if (isTagged(statement, "AlterEventTrigStmt")) {
      const { trigname = "", tgenabled = "" } = statement.node;
      return ["D", "R"].includes(tgenabled) ? [{ subject: trigname }] : [];
    }
    return alterationHits(
      statement,
      state,
      "AT_DisableTrig",
      "AT_DisableTrigAll",
      "AT_DisableTrigUser",
      "AT_DisableRule",
      "AT_EnableReplicaTrig",
      "AT_EnableReplicaRule",
    );
  },
};
