import type { Rule } from "../model/rule.ts";
import { attachedHits } from "./drops.ts";

export const dropRule: Rule = {
  id: "drop-rule",
  title: "Drop a rule",
  hazard: "integrity",
  phase: "contract",
  why: "what the rule did instead of, or besides, a statement no longer happens",
  instead: "CREATE OR REPLACE RULE changes it in place",
  bad: ["DROP RULE keep_vehicles ON app.vehicles;", "DROP RULE IF EXISTS keep_vehicles ON app.vehicles CASCADE;"],
  good: [
    "CREATE OR REPLACE RULE keep_vehicles AS ON UPDATE TO app.vehicles DO ALSO NOTHING;",
    "CREATE TABLE scratch (id int); CREATE RULE r AS ON DELETE TO scratch DO ALSO NOTHING; DROP RULE r ON scratch;",
  ],
  check: (statement, state) => attachedHits(statement, state, "OBJECT_RULE"),
};
