import type { QualifiedName, Rule, Statement } from "../model/rule.ts";
import { nameParts, qualifiedName, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";

/** An unqualified pg_ name is the catalogue's: it comes first in every search_path. */
export const pgCatalogDml: Rule = {
  id: "pg-catalog-dml",
  title: "Write to PostgreSQL's own catalogue",
  hazard: "data-loss",
  phase: "contract",
  why: "can make columns, tables or the whole database unreadable, past every check that DDL makes",
  instead: "use the DDL statement that does the same",
  bad: [
    "UPDATE pg_attribute SET attisdropped = true WHERE attrelid = 'app.users'::regclass AND attname = 'phone';",
    "DELETE FROM pg_catalog.pg_largeobject WHERE loid = 4711;",
  ],
  good: [
    "SELECT relname FROM pg_catalog.pg_class;",
    "CREATE TEMPORARY TABLE copy AS SELECT * FROM pg_class; DELETE FROM copy;",
  ],
  check: (statement) =>
    written(statement)
      .filter(isCatalogue)
      .map((name) => ({ subject: shown(name) })),
};

function written(statement: Statement): readonly QualifiedName[] {
  if (isTagged(statement, "TruncateStmt")) {
    return (statement.node.relations ?? []).map((relation) => qualifiedName(nameParts(relation)));
  }
  if (
    isTagged(statement, "DeleteStmt") ||
    isTagged(statement, "UpdateStmt") ||
    isTagged(statement, "InsertStmt") ||
    isTagged(statement, "MergeStmt")
  ) {
    return [relationName(statement.node.relation)];
  }
  return [];
}

function isCatalogue({ schema, name }: QualifiedName): boolean {
  return schema === "pg_catalog" || schema === "pg_toast" || (schema === "" && name.startsWith("pg_"));
}
