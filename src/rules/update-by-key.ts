import type { UpdateStmt } from "@pgsql/types";
import type { Rule, RunState } from "../model/rule.ts";
import { picksOneRow } from "./keys.ts";
import { isTagged } from "./nodes.ts";
import { updateHit } from "./overwrites.ts";

/** How settings and reference rows are kept; `update` is the one that may change many. */
export const updateByKey: Rule = {
  id: "update-by-key",
  title: "Overwrite values in one row, picked by its key",
  hazard: "data-change",
  phase: "migrate",
  why: "overwrites values of that row; only a restore brings the old ones back",
  instead: "note the old values in the file, as a comment or as the statement that puts them back",
  bad: [
    "UPDATE app.notes SET body = 'x' WHERE id = 1;",
    "UPDATE app.users SET home.city = 'Brno' WHERE id = 2 AND name = 'Bob';",
    "CREATE UNIQUE INDEX by_body ON app.notes (body); UPDATE app.notes SET owner = 'me' WHERE body = 'one';",
  ],
  good: [
    "UPDATE app.notes SET body = 'x' WHERE id > 1;",
    "UPDATE app.notes SET body = 'x' WHERE id = 1 OR id = 2;",
    "UPDATE app.notes SET body = 'x' WHERE body = 'one';",
    "UPDATE app.notes SET body = body WHERE id = 1;",
    "CREATE TABLE scratch (id int); INSERT INTO scratch VALUES (1); UPDATE scratch SET id = 2 WHERE id = 1;",
  ],
  check(statement, state) {
    if (!isTagged(statement, "UpdateStmt") || !isByKey(statement.node, state)) return [];
    const hit = updateHit(statement.node, state);
    return hit === null ? [] : [hit];
  },
};

/** One row, from constants or from itself: a FROM may bring in what nobody reads here. */
export function isByKey({ relation, whereClause, fromClause = [] }: UpdateStmt, state: RunState): boolean {
  return fromClause.length === 0 && picksOneRow(whereClause, relation, state);
}
