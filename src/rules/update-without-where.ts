import type { Rule } from "../model/rule.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { overwriteOf } from "./overwrites.ts";
import { reachOf } from "./where-reach.ts";

export const updateWithoutWhere: Rule = {
  id: "update-without-where",
  title: "Overwrite a column in every row",
  hazard: "data-loss",
  phase: "migrate",
  why: "overwrites the old value in every row; only a restore brings them back",
  instead: "write into a new column, read that one, drop the old one a release later",
  bad: [
    "UPDATE app.notes SET body = 'x';",
    "UPDATE app.notes SET body = upper(body) WHERE true;",
    "UPDATE app.notes SET body = 'x' WHERE id = id;",
    "UPDATE app.notes SET body = NULL WHERE id > 0;",
    "UPDATE app.notes SET (body, owner) = ('x', 'y');",
    "UPDATE app.notes SET body = i.body FROM app.incoming i;",
    "ALTER TABLE app.notes ADD COLUMN IF NOT EXISTS body text; UPDATE app.notes SET body = 'x';",
    "ALTER TABLE app.notes ADD COLUMN shout text; UPDATE app.notes SET shout = upper(body), body = 'x';",
  ],
  good: [
    "UPDATE app.notes SET body = 'x' WHERE id = 1;",
    "UPDATE app.notes SET body = 'x' WHERE 1 = 0;",
    "UPDATE app.notes SET body = body;",
    "ALTER TABLE app.notes ADD COLUMN shout text; UPDATE app.notes SET shout = upper(body);",
    "ALTER TABLE app.notes ADD COLUMN shout text DEFAULT 'hey'; UPDATE app.notes SET shout = upper(body) WHERE true;",
    "CREATE TABLE scratch (id int); INSERT INTO scratch VALUES (1); UPDATE scratch SET id = 2;",
    "UPDATE app.users SET phone = COALESCE(phone, 'none');",
  ],
  check(statement, state) {
    if (!isTagged(statement, "UpdateStmt")) return [];
    const { relation, whereClause } = statement.node;
    const name = relationName(relation);
    const reach = reachOf(whereClause, relation);
    if (reach === "none" || reach === "some" || isNewHere(name, state)) return [];
    return overwriteOf(statement.node, state) === "overwrites" ? [{ subject: shown(name) }] : [];
  },
};
