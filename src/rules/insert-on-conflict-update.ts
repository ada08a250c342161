import type { InsertStmt } from "@pgsql/types";
import type { Rule } from "../model/rule.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { reachOf } from "./where-reach.ts";

export const insertOnConflictUpdate: Rule = {
  id: "insert-on-conflict-update",
  title: "Overwrite rows that exist by INSERT … ON CONFLICT DO UPDATE",
  hazard: "data-change",
  phase: "migrate",
  why: "overwrites values of rows whose key exists already; only a restore brings the old ones back",
  instead: "ON CONFLICT DO NOTHING, and a reviewed UPDATE for the rows that must change",
  bad: [
    "INSERT INTO app.notes (id, body) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body;",
    "INSERT INTO app.notes (id, body) SELECT id, body FROM app.incoming ON CONFLICT (id) DO UPDATE SET body = 'x' WHERE notes.id > 1;",
  ],
  good: [
    "INSERT INTO app.notes (id, body) VALUES (1, 'x') ON CONFLICT DO NOTHING;",
    "INSERT INTO app.notes (id, body) VALUES (7, 'x');",
    "INSERT INTO app.notes (id, body) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body WHERE false;",
    "CREATE TABLE scratch (id int PRIMARY KEY, v int); INSERT INTO scratch VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET v = 2;",
  ],
  check(statement, state) {
    if (!isTagged(statement, "InsertStmt") || !overwrites(statement.node)) return [];
    const name = relationName(statement.node.relation);
    return isNewHere(name, state) ? [] : [{ subject: shown(name) }];
  },
};

function overwrites({ relation, onConflictClause }: InsertStmt): boolean {
  if (onConflictClause?.action !== "ONCONFLICT_UPDATE") return false;
  return reachOf(onConflictClause.whereClause, relation) !== "none";
}
