import type { Rule } from "../model/rule.ts";
import { isBookkeeping } from "./bookkeeping.ts";
import { childHits } from "./children.ts";
import { holdsNothing, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { keepFirst } from "./paste.ts";
import { reachOf } from "./where-reach.ts";

/** The bounded kind; `delete-without-where` is the other one. */
export const deleteRows: Rule = {
  id: "delete",
  title: "Delete some rows",
  hazard: "data-change",
  phase: "migrate",
  why: "deletes the rows it picks; only a restore brings them back",
  instead: "copy the rows into a table of their own first, drop that one a release later",
  bad: [
    "ALTER TABLE app.orders ADD CONSTRAINT again FOREIGN KEY (user_id) REFERENCES app.users (id) ON DELETE CASCADE; DELETE FROM app.users WHERE age < 50;",
    "DELETE FROM app.notes WHERE id = 1;",
    "DELETE FROM app.notes n USING app.incoming i WHERE n.id = i.id;",
    "DELETE FROM app.users WHERE deleted_at IS NOT NULL;",
    "DELETE FROM app.notes WHERE id IN (SELECT id FROM app.incoming);",
    "DELETE FROM app.notes WHERE NOT id > 1;",
  ],
  good: [
    "DELETE FROM app.notes WHERE false;",
    "DELETE FROM app.notes;",
    "CREATE TABLE schema_migrations (version text); DELETE FROM schema_migrations WHERE version = '20260101';",
    "CREATE TABLE scratch (id int); INSERT INTO scratch VALUES (1); DELETE FROM scratch WHERE id = 1;",
  ],
  check(statement, state) {
    if (!isTagged(statement, "DeleteStmt")) return [];
    const { relation, whereClause } = statement.node;
    const name = relationName(relation);
    if (reachOf(whereClause, relation) !== "some" || holdsNothing(name, state)) return [];
    if (isBookkeeping(relation, whereClause)) return [];
    return [{ subject: shown(name), instead: keepFirst(name, "some") }, ...childHits(name, state)];
  },
};
