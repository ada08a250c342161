import type { ViewStmt } from "@pgsql/types";
import type { QualifiedName, Rule, Statement, SubjectHit } from "../model/rule.ts";
import { relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { pasted } from "./paste.ts";
import { isNode } from "./remade.ts";
import { renameHits } from "./renames.ts";
import { columnPath } from "./where-reach.ts";

export const renameTable: Rule = {
  id: "rename-table",
  title: "Rename a table, view or sequence",
  hazard: "compatibility",
  phase: "contract",
  why: "queries of the running release that use the old name fail",
  instead: "keep the old name as a view on the new one until no release uses it",
  bad: [
    "ALTER TABLE app.notes RENAME TO remarks; CREATE VIEW app.notes AS SELECT * FROM app.remarks WHERE id > 1;",
    "ALTER TABLE app.notes RENAME TO remarks;",
    "ALTER VIEW IF EXISTS app.user_names RENAME TO names;",
    "ALTER MATERIALIZED VIEW app.active_count RENAME TO n;",
    "ALTER SEQUENCE app.loose RENAME TO tight;",
    "ALTER FOREIGN TABLE app.far_things RENAME TO further;",
  ],
  good: [
    "ALTER TABLE app.notes RENAME TO remarks; CREATE VIEW app.notes AS SELECT * FROM app.remarks;",
    "ALTER INDEX app.orders_state_index RENAME TO orders_by_state;",
    "ALTER TABLE app.users RENAME CONSTRAINT users_age_check TO age_positive;",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch RENAME TO kept;",
  ],
  check: (statement, state) =>
    renameHits(
      statement,
      state,
      "OBJECT_TABLE",
      "OBJECT_VIEW",
      "OBJECT_MATVIEW",
      "OBJECT_FOREIGN_TABLE",
      "OBJECT_SEQUENCE",
    ).map((hit) => unlessViewed({ ...hit, ...oldName(statement) }, statement)),
};

/** The old name is kept as a view on the new one: SELECT *, of all rows. */
function unlessViewed(hit: SubjectHit, statement: Statement): SubjectHit {
  if (!isTagged(statement, "RenameStmt")) return hit;
  const { relation, newname = "" } = statement.node;
  const [old, renamed] = [relationName(relation), { ...relationName(relation), name: newname }];
  return {
    ...hit,
    settle: (end) => {
      const view = end.definition("OBJECT_VIEW", old);
      return isNode<ViewStmt>(view) && showsAll(view, renamed) ? null : hit;
    },
  };
}

function showsAll({ query }: ViewStmt, table: QualifiedName): boolean {
  if (query === undefined || !("SelectStmt" in query)) return false;
  const { targetList = [], fromClause = [], ...rest } = query.SelectStmt;
  const [[target, ...targets], [from, ...others]] = [targetList, fromClause];
  const isBare = ["whereClause", "limitCount", "limitOffset", "distinctClause"].every((key) => !(key in rest));
  if (!isBare || targets.length + others.length > 0 || target === undefined || from === undefined) return false;
  const isStar = "ResTarget" in target && columnPath(target.ResTarget.val)?.join() === "*";
  return isStar && "RangeVar" in from && shown(relationName(from.RangeVar)) === shown(table);
}

/** A view under the old name serves reads, and writes as well while it is a plain SELECT of one table. */
function oldName(statement: Statement): { readonly instead?: string } {
  if (!isTagged(statement, "RenameStmt") || statement.node.renameType === "OBJECT_SEQUENCE") return {};
  const { relation, newname = "" } = statement.node;
  const old = relationName(relation);
  const view = `CREATE VIEW ${pasted(old)} AS SELECT * FROM ${pasted({ ...old, name: newname })}`;
  return { instead: `in the same transaction, until no release uses the old name: ${view}` };
}
