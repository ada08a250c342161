import type { Rule, Statement } from "../model/rule.ts";
import { relationName } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { pasted } from "./paste.ts";
import { renameHits } from "./renames.ts";

export const renameTable: Rule = {
  id: "rename-table",
  title: "Rename a table, view or sequence",
  hazard: "compatibility",
  phase: "contract",
  why: "queries of the running release that use the old name fail",
  instead: "keep the old name as a view on the new one until no release uses it",
  bad: [
    "ALTER TABLE app.notes RENAME TO remarks;",
    "ALTER VIEW IF EXISTS app.user_names RENAME TO names;",
    "ALTER MATERIALIZED VIEW app.active_count RENAME TO n;",
    "ALTER SEQUENCE app.loose RENAME TO tight;",
    "ALTER FOREIGN TABLE app.far_things RENAME TO further;",
  ],
  good: [
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
    ).map((hit) => ({ ...hit, ...oldName(statement) })),
};

/** A view under the old name serves reads, and writes as well while it is a plain SELECT of one table. */
function oldName(statement: Statement): { readonly instead?: string } {
  if (!isTagged(statement, "RenameStmt") || statement.node.renameType === "OBJECT_SEQUENCE") return {};
  const { relation, newname = "" } = statement.node;
  const old = relationName(relation);
  const view = `CREATE VIEW ${pasted(old)} AS SELECT * FROM ${pasted({ ...old, name: newname })}`;
  return { instead: `in the same transaction, until no release uses the old name: ${view}` };
}
