import type { Rule } from "../model/rule.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";

export const createTrigger: Rule = {
  id: "create-trigger",
  title: "Create a trigger on a table in use",
  hazard: "availability",
  phase: "expand",
  why: "writes wait (SHARE ROW EXCLUSIVE lock) behind the oldest open one, and each of them runs the trigger from now on",
  instead: "SET lock_timeout = '5s' before it and try again when it fails, so that no queue builds up",
  bad: [
    "CREATE TRIGGER noted BEFORE INSERT ON app.notes FOR EACH ROW EXECUTE FUNCTION app.touch();",
    "CREATE OR REPLACE TRIGGER touch_notes AFTER UPDATE ON app.notes FOR EACH ROW EXECUTE FUNCTION app.touch();",
  ],
  good: [
    "CREATE TABLE scratch (id int); CREATE TRIGGER t BEFORE UPDATE ON scratch FOR EACH ROW EXECUTE FUNCTION app.touch();",
    "CREATE VIEW app.fresh AS SELECT 1 AS one;",
  ],
  check(statement, state) {
    if (!isTagged(statement, "CreateTrigStmt")) return [];
    const table = relationName(statement.node.relation);
    return isNewHere(table, state) ? [] : [{ subject: shown(table, statement.node.trigname) }];
  },
};
