import type { Rule } from "../model/rule.ts";
import { isTagged } from "./nodes.ts";
import { isSeed, upsertHit } from "./upserts.ts";

/** Of rows that come from a query or are computed; rows written out in the file are `seed-upsert`. */
export const insertOnConflictUpdate: Rule = {
  id: "insert-on-conflict-update",
  title: "Overwrite rows that exist by INSERT … ON CONFLICT DO UPDATE",
  hazard: "data-change",
  phase: "migrate",
  why: "overwrites values of rows whose key exists already; only a restore brings the old ones back",
  instead: "ON CONFLICT DO NOTHING, and a reviewed UPDATE for the rows that must change",
  bad: [
    "INSERT INTO app.notes (id, body) VALUES (1, current_user) ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body;",
    "INSERT INTO app.notes (id, body) SELECT id, body FROM app.incoming ON CONFLICT (id) DO UPDATE SET body = 'x' WHERE notes.id > 1;",
  ],
  good: [
    "INSERT INTO app.notes (id, body) VALUES (1, 'x') ON CONFLICT DO NOTHING;",
    "INSERT INTO app.notes (id, body) VALUES (7, 'x');",
    "INSERT INTO app.notes (id, body) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body WHERE false;",
    "CREATE TABLE scratch (id int PRIMARY KEY, v int); INSERT INTO scratch VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET v = 2;",
  ],
  check(statement, state) {
    if (!isTagged(statement, "InsertStmt") || isSeed(statement.node)) return [];
    const hit = upsertHit(statement.node, state);
    return hit === null ? [] : [hit];
  },
};
