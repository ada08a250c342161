import type { Rule } from "../model/rule.ts";
import { childHits } from "./children.ts";
import { holdsNothing, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { keepFirst } from "./paste.ts";
import { reachOf } from "./where-reach.ts";

export const deleteWithoutWhere: Rule = {
  id: "delete-without-where",
  title: "Delete every row of a table",
  hazard: "data-loss",
  phase: "contract",
  why: "deletes every row of the table; only a restore brings them back",
  instead: "say which rows, by key: DELETE … WHERE id IN (…)",
  bad: [
    "DELETE FROM app.notes;",
    "DELETE FROM ONLY app.notes WHERE true;",
    "DELETE FROM app.notes WHERE 1 = 1;",
    "DELETE FROM app.notes n WHERE n.id = n.id;",
    "DELETE FROM app.notes WHERE id IS NOT NULL;",
    "DELETE FROM app.notes WHERE id > 0;",
    "DELETE FROM app.notes WHERE owner IS NULL OR owner IS NOT NULL;",
    "DELETE FROM app.notes WHERE body LIKE '%';",
    "DELETE FROM app.notes WHERE id IN (SELECT id FROM app.notes);",
    "DELETE FROM app.notes WHERE now() > '2020-01-01';",
    "DELETE FROM app.notes USING app.incoming;",
    "DELETE FROM app.notes WHERE NOT (1 = 2) AND ctid IS NOT NULL;",
    "DELETE FROM app.notes WHERE '1'::int = '01'::int;",
  ],
  good: [
    "DELETE FROM app.notes WHERE id = 1;",
    "DELETE FROM app.notes WHERE false;",
    "DELETE FROM app.notes WHERE 1 = 0 AND id = 1;",
    "CREATE TABLE scratch (id int); INSERT INTO scratch VALUES (1); DELETE FROM scratch;",
    "CREATE TEMPORARY TABLE scratch AS SELECT * FROM app.users; DELETE FROM scratch;",
  ],
  check(statement, state) {
    if (!isTagged(statement, "DeleteStmt")) return [];
    const { relation, whereClause } = statement.node;
    const name = relationName(relation);
    const reach = reachOf(whereClause, relation);
    if (reach === "none" || reach === "some" || holdsNothing(name, state)) return [];
    const hit = {
      subject: shown(name),
      instead: keepFirst(name, "all"),
      ...(reach === "all-or-none" ? allOrNone : {}),
    };
    return [hit, ...childHits(name, state)];
  },
};

const allOrNone = {
  why: "deletes every row once its condition holds, as that names no column; only a restore brings them back",
};
