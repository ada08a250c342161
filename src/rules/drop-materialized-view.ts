import type { CreateTableAsStmt } from "@pgsql/types";
import type { Rule, SubjectHit } from "../model/rule.ts";
import { remadeHits } from "./drops.ts";

export const dropMaterializedView: Rule = {
  id: "drop-materialized-view",
  title: "Drop a materialized view",
  hazard: "data-loss",
  phase: "contract",
  why: "deletes the rows it holds; they come back only if every source of its query still has the same data",
  instead: "build its successor under a new name, read that one, drop this one a release later",
  bad: ["DROP MATERIALIZED VIEW app.active_count;", "DROP MATERIALIZED VIEW IF EXISTS app.user_orders CASCADE;"],
  good: [
    "REFRESH MATERIALIZED VIEW app.active_count;",
    "CREATE MATERIALIZED VIEW app.fresh AS SELECT 1 AS one; DROP MATERIALIZED VIEW app.fresh;",
  ],
  check: (statement, state) => remadeHits<CreateTableAsStmt>(statement, state, "OBJECT_MATVIEW", computedAnew),
};

function computedAnew(hit: SubjectHit, _: CreateTableAsStmt | null, after: CreateTableAsStmt): SubjectHit | null {
  return after.into?.skipData === true ? hit : { ...hit, ...anew };
}

const anew = {
  hazard: "availability",
  why: "its rows are computed anew from what its query reads now; until then nobody can read it",
} as const;
