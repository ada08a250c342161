import type { Rule } from "../model/rule.ts";
import { dropHits } from "./drops.ts";

/** A view holds no rows, but columns of its row type and materialized views over it go with CASCADE (executed: oracle). */
export const dropView: Rule = {
  id: "drop-view",
  title: "Drop a view",
  hazard: "compatibility",
  phase: "contract",
  why: "queries of the running release that read the view fail",
  instead: "stop reading it now, drop it one release later",
  bad: ["DROP VIEW app.user_names;", "DROP VIEW IF EXISTS app.active_users CASCADE;", "DROP VIEW app.added CASCADE;"],
  good: ["CREATE OR REPLACE VIEW app.user_names AS SELECT id, name FROM app.users;"],
  check: (statement, state) => dropHits(statement, state, "OBJECT_VIEW"),
};
