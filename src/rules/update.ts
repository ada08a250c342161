import type { Rule } from "../model/rule.ts";
import { isTagged } from "./nodes.ts";
import { updateHit } from "./overwrites.ts";
import { isByKey } from "./update-by-key.ts";

/** The bounded kind, and the one that only fills nulls; `update-without-where` and `update-by-key` are the other ones. */
export const updateRows: Rule = {
  id: "update",
  title: "Overwrite values in some rows",
  hazard: "data-change",
  phase: "migrate",
  why: "overwrites values in the rows it picks; only a restore brings the old ones back",
  instead: "write into a new column, or copy the old values into a table of their own first",
  bad: [
    "UPDATE app.notes SET body = 'x' WHERE id = 1 OR id = 2;",
    "UPDATE app.notes SET body = 'x' WHERE body = 'one';",
    "UPDATE app.users SET deleted_at = now() WHERE deleted_at IS NULL;",
    "UPDATE app.users SET phone = COALESCE(phone, 'none');",
    "UPDATE app.notes SET body = i.body FROM app.incoming i WHERE i.id = notes.id;",
    "UPDATE app.users SET home.city = 'Brno' WHERE age > 40;",
  ],
  good: [
    "UPDATE app.notes SET body = 'x' WHERE false;",
    "UPDATE app.notes SET body = body WHERE id = 1;",
    "UPDATE app.users SET phone = 'none' WHERE phone IS NULL; ALTER TABLE app.users ALTER phone SET NOT NULL;",
    "UPDATE app.users SET phone = COALESCE(phone, 'none'); ALTER TABLE app.users ALTER phone SET NOT NULL;",
    "ALTER TABLE app.notes ADD COLUMN shout text; UPDATE app.notes SET shout = upper(body) WHERE id = 1;",
    "UPDATE app.notes SET body = 'x' WHERE id = 1;",
    "CREATE TABLE alembic_version (version_num text); UPDATE alembic_version SET version_num = 'b' WHERE alembic_version.version_num = 'a';",
    "CREATE TABLE scratch (id int); INSERT INTO scratch VALUES (1); UPDATE scratch SET id = 2 WHERE id = 1;",
  ],
  check(statement, state) {
    if (!isTagged(statement, "UpdateStmt") || isByKey(statement.node, state)) return [];
    const hit = updateHit(statement.node, state);
    return hit === null ? [] : [hit];
  },
};
