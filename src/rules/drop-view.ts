import type { ViewStmt } from "@pgsql/types";
import type { Rule, SubjectHit } from "../model/rule.ts";
import { remadeHits } from "./drops.ts";
import { isViewAsBefore } from "./weaker.ts";

/** A view holds no rows, but columns of its row type and materialized views over it go with CASCADE (executed: oracle). */
export const dropView: Rule = {
  id: "drop-view",
  title: "Drop a view",
  hazard: "compatibility",
  phase: "contract",
  why: "queries of the running release that read the view fail",
  instead: "stop reading it now, drop it one release later",
  bad: [
    "DROP VIEW app.user_names;",
    "DROP VIEW IF EXISTS app.active_users CASCADE;",
    "DROP VIEW app.added CASCADE;",
    "CREATE OR REPLACE VIEW app.user_names AS SELECT id, name FROM app.users; DROP VIEW app.user_names; CREATE VIEW app.user_names AS SELECT id FROM app.users;",
  ],
  good: [
    "CREATE OR REPLACE VIEW app.user_names AS SELECT id, name FROM app.users;",
    "DROP VIEW app.user_names; CREATE VIEW app.user_names AS SELECT id, name, email FROM app.users;",
    "CREATE VIEW app.fresh AS SELECT 1 AS one; DROP VIEW app.fresh;",
  ],
  check: (statement, state) => remadeHits(statement, state, "OBJECT_VIEW", viewReplaced),
};

/** One that was out of sight is taken to be the same: scripts that run again drop and make their views. */
function viewReplaced(hit: SubjectHit, before: ViewStmt | null, after: ViewStmt): SubjectHit | null {
  return before === null || isViewAsBefore(before, after) ? null : { ...hit, why: narrower };
}

const narrower = "it comes back without a column that queries of the running release may read";
