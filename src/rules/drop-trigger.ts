import type { Rule } from "../model/rule.ts";
import { attachedHits } from "./drops.ts";

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
  ],
  good: [
    "CREATE OR REPLACE TRIGGER touch_notes BEFORE INSERT ON app.notes FOR EACH ROW EXECUTE FUNCTION app.touch();",
    "CREATE TABLE scratch (id int); CREATE TRIGGER t BEFORE UPDATE ON scratch FOR EACH ROW EXECUTE FUNCTION app.touch(); DROP TRIGGER t ON scratch;",
  ],
  check: (statement, state) => attachedHits(statement, state, "OBJECT_TRIGGER", "OBJECT_EVENT_TRIGGER"),
};
