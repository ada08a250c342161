import type { Node, ObjectType } from "@pgsql/types";
import type { Rule } from "../model/rule.ts";
import { cascadeHit, dropOf } from "./drops.ts";
import { nameParts, qualifiedName, shown } from "./names.ts";

/**
 * Kinds that have no rule of their own, hold no rows, and can have dependents that do: columns with a collation, tables
 * of an access method, partition keys with an operator class, views over operators and casts, foreign tables of a server.
 */
const kinds: readonly ObjectType[] = [
  "OBJECT_ACCESS_METHOD",
  "OBJECT_CAST",
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
  title: "Drop a collation, operator, cast, language, server or the like with what depends on it",
  hazard: "data-loss",
  phase: "contract",
  why: "also deletes whatever depends on it, columns and tables included, and that cannot be seen here",
  instead: "change or drop each dependent by name first, then this one without CASCADE",
  bad: [
    "DROP COLLATION app.plain CASCADE;",
    "DROP OPERATOR app.@@@ (int, int) CASCADE;",
    "DROP OPERATOR FAMILY app.backwards USING btree CASCADE;",
    "DROP CAST (app.mood AS int) CASCADE;",
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

/** Operator classes name their access method first; a cast names two types. */
function objectName(kind: ObjectType, object: Node): string {
  const parts =
    "List" in object && kind === "OBJECT_CAST" ? (object.List.items ?? []).map(lastPart) : nameParts(object);
  if (kind === "OBJECT_CAST") return parts.join(" AS ");
  const named = kind === "OBJECT_OPCLASS" || kind === "OBJECT_OPFAMILY" ? parts.slice(1) : parts;
  return shown(qualifiedName(named));
}

function lastPart(type: Node): string {
  return nameParts(type).at(-1) ?? "";
}
