import type { Rule, Statement } from "../model/rule.ts";
import { relationName } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { identifier, pasted } from "./paste.ts";
import { renameHits } from "./renames.ts";

export const renameColumn: Rule = {
  id: "rename-column",
  title: "Rename a column",
  hazard: "compatibility",
  phase: "contract",
  why: "queries of the running release that use the old name fail",
  instead: "add a column with the new name, write both, read the new one, drop the old one a release later",
  bad: [
    "ALTER TABLE app.users RENAME COLUMN phone TO telephone;",
    "ALTER TABLE IF EXISTS app.users RENAME phone TO telephone;",
    "ALTER VIEW app.user_names RENAME COLUMN name TO label;",
    "ALTER TYPE app.span RENAME ATTRIBUTE stop TO finish;",
  ],
  good: [
    "ALTER TABLE app.users RENAME CONSTRAINT users_age_check TO age_positive;",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch RENAME id TO key;",
    "ALTER TABLE app.users ADD COLUMN telephone text;",
  ],
  check: (statement, state) =>
    renameHits(statement, state, "OBJECT_COLUMN", "OBJECT_ATTRIBUTE").map((hit) => ({
      ...hit,
      ...newColumn(statement),
    })),
};

function newColumn(statement: Statement): { readonly instead?: string } {
  if (!isTagged(statement, "RenameStmt") || statement.node.relationType !== "OBJECT_TABLE") return {};
  const { relation, newname = "" } = statement.node;
  const add = `ALTER TABLE ${pasted(relationName(relation))} ADD COLUMN ${identifier(newname)} …`;
  return { instead: `${add}; write both, read the new one, drop the old one a release later` };
}
