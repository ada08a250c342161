import type { Rule } from "../model/rule.ts";
import { isTagged } from "./nodes.ts";
import { isSeed, upsertHit } from "./upserts.ts";

/** Rows that come from a query, or are computed, are `insert-on-conflict-update`. */
export const seedUpsert: Rule = {
  id: "seed-upsert",
  title: "Write seed rows over rows that exist: INSERT … VALUES … ON CONFLICT DO UPDATE",
  hazard: "data-change",
  phase: "migrate",
  why: "overwrites values of rows whose key is written here and exists already; only a restore brings the old ones back",
  instead: "ON CONFLICT DO NOTHING where the row may have been edited since",
  bad: [
    "INSERT INTO app.notes (id, body) VALUES (1, 'x'), (2, 'y') ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body;",
    "INSERT INTO app.notes AS n (id, body) VALUES (1, 'x'::text) ON CONFLICT (id) DO UPDATE SET body = 'z' WHERE n.id < 3;",
  ],
  good: [
    "INSERT INTO app.notes (id, body) VALUES (1, 'x') ON CONFLICT DO NOTHING;",
    "INSERT INTO app.notes (id, body) SELECT id, body FROM app.incoming ON CONFLICT (id) DO UPDATE SET body = 'x';",
    "INSERT INTO app.notes (id, body) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET body = EXCLUDED.body WHERE false;",
    "CREATE TABLE scratch (id int PRIMARY KEY, v int); INSERT INTO scratch VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET v = 2;",
  ],
  check(statement, state) {
    if (!isTagged(statement, "InsertStmt") || !isSeed(statement.node)) return [];
    const hit = upsertHit(statement.node, state);
    return hit === null ? [] : [hit];
  },
};
