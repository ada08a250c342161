import type { CreateTrigStmt } from "@pgsql/types";
import type { Rule, SubjectHit } from "../model/rule.ts";
import { attachedHits, dropHits } from "./drops.ts";
import { isTriggerAsBefore } from "./weaker.ts";

export const dropTrigger: Rule = {
  id: "drop-trigger",
  title: "Drop a trigger",
  hazard: "integrity",
  phase: "contract",
  why: "what it checked, copied or filled in no longer happens for new writes",
  instead: "move its work elsewhere first; CREATE OR REPLACE TRIGGER changes it in place",
  bad: [
    "DROP TRIGGER touch_notes ON app.notes;",
    "DROP TRIGGER IF EXISTS touch_notes ON app.notes CASCADE;",
    "DROP EVENT TRIGGER watch_ddl;",
    "CREATE OR REPLACE TRIGGER touch_notes BEFORE INSERT OR UPDATE ON app.notes FOR EACH ROW EXECUTE FUNCTION app.touch(); DROP TRIGGER touch_notes ON app.notes; CREATE TRIGGER touch_notes BEFORE UPDATE ON app.notes FOR EACH ROW EXECUTE FUNCTION app.touch();",
  ],
  good: [
    "CREATE OR REPLACE TRIGGER touch_notes BEFORE INSERT ON app.notes FOR EACH ROW EXECUTE FUNCTION app.touch();",
    "DROP TRIGGER IF EXISTS touch_notes ON app.notes; CREATE TRIGGER touch_notes BEFORE UPDATE ON app.notes FOR EACH ROW EXECUTE FUNCTION app.touch();",
    "CREATE TRIGGER t BEFORE UPDATE ON app.notes FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger(); DROP TRIGGER t ON app.notes;",
    "CREATE TABLE scratch (id int); CREATE TRIGGER t BEFORE UPDATE ON scratch FOR EACH ROW EXECUTE FUNCTION app.touch(); DROP TRIGGER t ON scratch;",
  ],
  check: (statement, state) => [
    ...attachedHits(statement, state, "OBJECT_TRIGGER", triggerReplaced),
    ...dropHits(statement, state, "OBJECT_EVENT_TRIGGER"),
  ],
};

/** One that was out of sight is taken to be the same: scripts that run again drop and make their triggers. */
function triggerReplaced(hit: SubjectHit, before: CreateTrigStmt | null, after: CreateTrigStmt): SubjectHit | null {
  return before === null || isTriggerAsBefore(before, after) ? null : { ...hit, why: weaker };
}

const weaker = "it comes back otherwise: for other events, rows or moments, so some of what it did no longer happens";
