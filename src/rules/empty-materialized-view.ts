import type { Rule } from "../model/rule.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { pasted } from "./paste.ts";

export const emptyMaterializedView: Rule = {
  id: "empty-materialized-view",
  title: "Empty a materialized view",
  hazard: "data-loss",
  phase: "contract",
  why: "deletes the rows it holds, and every read of it fails until a REFRESH; they come back only if its sources have not changed",
  instead: "REFRESH MATERIALIZED VIEW, which puts the new rows in the place of the old ones",
  bad: ["REFRESH MATERIALIZED VIEW app.active_count WITH NO DATA;"],
  good: [
    "REFRESH MATERIALIZED VIEW app.active_count;",
    "CREATE MATERIALIZED VIEW app.fresh AS SELECT 1 AS one WITH NO DATA;",
    "CREATE MATERIALIZED VIEW app.fresh AS SELECT 1 AS one; REFRESH MATERIALIZED VIEW app.fresh WITH NO DATA;",
  ],
  check(statement, state) {
    if (!isTagged(statement, "RefreshMatViewStmt") || !statement.node.skipData) return [];
    const view = relationName(statement.node.relation);
    if (isNewHere(view, state)) return [];
    return [{ subject: shown(view), instead: `REFRESH MATERIALIZED VIEW CONCURRENTLY ${pasted(view)}` }];
  },
};
