import type { Rule } from "../model/rule.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { pasted } from "./paste.ts";

export const refreshMaterializedView: Rule = {
  id: "refresh-materialized-view",
  title: "Refresh a materialized view while reads wait",
  hazard: "availability",
  phase: "migrate",
  why: "reads of the view wait (ACCESS EXCLUSIVE lock) until its query has run",
  instead: "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on the view",
  bad: ["REFRESH MATERIALIZED VIEW app.active_count;"],
  good: [
    "CREATE MATERIALIZED VIEW app.fresh AS SELECT 1 AS one; REFRESH MATERIALIZED VIEW app.fresh;",
    "CREATE UNIQUE INDEX user_orders_id ON app.user_orders (id); REFRESH MATERIALIZED VIEW CONCURRENTLY app.user_orders;",
  ],
  check(statement, state) {
    if (!isTagged(statement, "RefreshMatViewStmt")) return [];
    const { relation, concurrent, skipData } = statement.node;
    const view = relationName(relation);
    if (concurrent || skipData || isNewHere(view, state)) return [];
    const instead = `with a unique index on the view: REFRESH MATERIALIZED VIEW CONCURRENTLY ${pasted(view)}`;
    return [{ subject: shown(view), instead }];
  },
};
