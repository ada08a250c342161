import type { RuleStmt } from "@pgsql/types";
import type { Rule, SubjectHit } from "../model/rule.ts";
import { attachedHits } from "./drops.ts";
import { isSameTree } from "./remade.ts";

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
    "CREATE RULE r AS ON DELETE TO app.notes DO ALSO NOTHING; DROP RULE r ON app.notes;",
    "CREATE TABLE scratch (id int); CREATE RULE r AS ON DELETE TO scratch DO ALSO NOTHING; DROP RULE r ON scratch;",
  ],
  check: (statement, state) => attachedHits(statement, state, "OBJECT_RULE", ruleReplaced),
};

/** One that was out of sight is taken to be the same. */
function ruleReplaced(hit: SubjectHit, before: RuleStmt | null, after: RuleStmt): SubjectHit | null {
  return before === null || isSameTree({ ...before, replace: false }, { ...after, replace: false }) ? null : hit;
}
