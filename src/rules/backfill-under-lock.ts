import type { InsertStmt, Node, RangeVar } from "@pgsql/types";
import type { Rule, Statement } from "../model/rule.ts";
import { literal } from "./constants.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { isTagged, strings } from "./nodes.ts";
import { columnPath } from "./where-reach.ts";

/** DDL and the rows it needs, or DDL and DML of any kind, in one transaction: the lock outlives the statement that took it. */
export const backfillUnderLock: Rule = {
  id: "backfill-under-lock",
  title: "Write rows while an ALTER TABLE of the same transaction holds its lock",
  hazard: "availability",
  phase: "migrate",
  why: "nobody can read or write the table (ACCESS EXCLUSIVE lock of an earlier ALTER TABLE) until all rows are written",
  instead: "alter in one migration, fill the rows in batches in the next, each batch in a transaction of its own",
  bad: [
    "ALTER TABLE app.notes ADD COLUMN shout text; UPDATE app.notes SET shout = upper(body);",
    "ALTER TABLE app.tagged ADD COLUMN tag text; INSERT INTO app.tagged (tag_id) SELECT id FROM app.tags;",
    "ALTER TABLE app.notes ALTER owner DROP DEFAULT; DELETE FROM app.notes WHERE id > 1;",
  ],
  good: [
    "UPDATE app.notes SET body = upper(body);",
    "ALTER TABLE app.notes ADD COLUMN shout text; UPDATE app.notes SET shout = 'x' WHERE id = 1;",
    "ALTER TABLE app.tags ADD COLUMN n int; INSERT INTO app.tags (id) VALUES (9);",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch ADD COLUMN n int; INSERT INTO scratch SELECT id FROM app.tags;",
  ],
  check(statement, state) {
    const relation = writtenTable(statement);
    const table = relationName(relation ?? undefined);
    const lock = relation === null ? null : state.history.lockHeld(table);
    if (lock === null || isNewHere(table, state)) return [];
    return [{ subject: shown(table), ...(lock === "ACCESS EXCLUSIVE" ? {} : writesWait) }];
  },
};

const writesWait = {
  why: "writes to the table wait (SHARE ROW EXCLUSIVE lock of an earlier ALTER TABLE) until all rows are written",
};

/** The table a statement writes many rows of; null if it writes none, or one by its key. */
function writtenTable(statement: Statement): RangeVar | null {
  if (isTagged(statement, "UpdateStmt") || isTagged(statement, "DeleteStmt")) {
    const { relation, whereClause } = statement.node;
    return isOneKey(whereClause) ? null : (relation ?? null);
  }
  if (isTagged(statement, "MergeStmt")) return statement.node.relation ?? null;
  if (!isTagged(statement, "InsertStmt")) return null;
  return selectsRows(statement.node) ? (statement.node.relation ?? null) : null;
}

function selectsRows({ selectStmt: query }: InsertStmt): boolean {
  return query !== undefined && "SelectStmt" in query && query.SelectStmt.valuesLists === undefined;
}

/** id = 1 */
function isOneKey(where: Node | undefined): boolean {
  if (where === undefined || !("A_Expr" in where)) return false;
  const { name, lexpr, rexpr } = where.A_Expr;
  return strings(name).at(-1) === "=" && columnPath(lexpr)?.at(-1) === "id" && literal(rexpr) !== undefined;
}
