import type { Rule } from "../model/rule.ts";
import { relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";

/** PostgreSQL lets it add columns at the end, and refuses to drop, rename or retype one. */
export const replaceView: Rule = {
  id: "replace-view",
  title: "Replace a view",
  hazard: "note",
  phase: "migrate",
  why: "if it exists, the running release and other views that read it get the new query's rows from now on",
  instead: "keep the old query in the down script; make a new name where the meaning changes",
  bad: ["CREATE OR REPLACE VIEW app.user_names AS SELECT id, name FROM app.users WHERE deleted_at IS NULL;"],
  good: ["CREATE VIEW app.fresh AS SELECT 1 AS one;", "CREATE OR REPLACE TEMPORARY VIEW fresh AS SELECT 1 AS one;"],
  check(statement) {
    if (!isTagged(statement, "ViewStmt") || !statement.node.replace) return [];
    const { view } = statement.node;
    return view?.relpersistence === "t" ? [] : [{ subject: shown(relationName(view)) }];
  },
};
