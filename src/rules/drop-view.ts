import type { Rule } from "../model/rule.ts";
import { cascadeHit, dropOf } from "./drops.ts";
import { isNewHere, nameParts, qualifiedName, shown } from "./names.ts";

/** A view holds no rows, but columns of its row type and materialized views over it go with CASCADE (executed: oracle). */
export const dropView: Rule = {
  id: "drop-view",
  title: "Drop a view",
  hazard: "compatibility",
  phase: "contract",
  why: "queries of the running release that read the view fail",
  instead: "stop reading it now, drop it one release later",
  bad: ["DROP VIEW app.user_names;", "DROP VIEW IF EXISTS app.active_users CASCADE;"],
  good: [
    "CREATE OR REPLACE VIEW app.user_names AS SELECT id, name FROM app.users;",
    "CREATE VIEW app.fresh AS SELECT 1 AS one; DROP VIEW app.fresh;",
  ],
  check(statement, state) {
    const drop = dropOf(statement, "OBJECT_VIEW");
    const names = drop?.objects.map((object) => qualifiedName(nameParts(object))) ?? [];
    return names
      .filter((name) => !isNewHere(name, state))
      .map((name) => (drop?.cascade ? cascadeHit(shown(name)) : { subject: shown(name) }));
  },
};
