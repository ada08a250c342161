import type { Node, ObjectType } from "@pgsql/types";
import type { Rule } from "../model/rule.ts";
import { cascadeHit, dropOf } from "./drops.ts";
import { nameParts, qualifiedName, shown } from "./names.ts";

/**
 * Kinds that have no rule of their own, hold no rows, and can have dependents that do: columns with a collation, tables
 * of an access method, partitioned tables with an operator class, views over operators, foreign tables of a server. Nothing
 * depends on a cast: PostgreSQL notes its function instead (executed: oracle).
 */
const kinds: readonly ObjectType[] = [
  "OBJECT_ACCESS_METHOD",
  "OBJECT_COLLATION",
  "OBJECT_FDW",
  "OBJECT_FOREIGN_SERVER",
  "OBJECT_LANGUAGE",
  "OBJECT_OPCLASS",
  "OBJECT_OPERATOR",
  "OBJECT_OPFAMILY",
  "OBJECT_TSCONFIGURATION",
  "OBJECT_TSDICTIONARY",
  "OBJECT_TSPARSER",
  "OBJECT_TSTEMPLATE",
];

export const dropCascade: Rule = {
  id: "drop-cascade",
  title: "Drop a collation, operator, language, server or the like with what depends on it",
  hazard: "data-loss",
  phase: "contract",
  why: "also deletes whatever depends on it, columns and tables included, and that cannot be seen here",
  instead: "change or drop each dependent by name first, then this one without CASCADE",
  bad: [
    "DROP COLLATION app.plain CASCADE;",
    "DROP OPERATOR app.@@@ (int, int) CASCADE;",
    "DROP OPERATOR FAMILY app.backwards USING btree CASCADE;",
    "DROP TEXT SEARCH CONFIGURATION app.search CASCADE;",
  ],
  good: [
    "CREATE COLLATION app.fresh (provider = builtin, locale = 'C'); DROP COLLATION app.fresh;",
    "DROP STATISTICS IF EXISTS app.nothing;",
    "DROP COLLATION IF EXISTS app.nothing RESTRICT;",
  ],
  check(statement) {
    const drop = dropOf(statement, ...kinds);
    if (drop === null || !drop.cascade) return [];
    return drop.objects.map((object) => ({ ...cascadeHit(objectName(drop.kind, object)), why: this.why }));
  },
};

/** Operator classes and families name their access method first. */
function objectName(kind: ObjectType, object: Node): string {
  const parts = nameParts(object);
  const isOfMethod = kind === "OBJECT_OPCLASS" || kind === "OBJECT_OPFAMILY";
  return shown(qualifiedName(isOfMethod ? parts.slice(1) : parts));
}
