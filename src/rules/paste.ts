import { type QualifiedName, unknownName } from "../model/rule.ts";

/** Words PostgreSQL takes for a name only in quotes. */
const reserved = new Set(
  (
    "all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently " +
    "constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default " +
    "deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner " +
    "intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or " +
    "order outer overlaps placing primary references returning right select session_user similar some symmetric system_user table " +
    "tablesample then to trailing true union unique user using variadic verbose when where window with"
  ).split(" "),
);

/** One name as it can be pasted into SQL. */
export function identifier(name: string): string {
  if (name.includes(unknownName) || (/^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name))) return name;
  return `"${name.replaceAll('"', '""')}"`;
}

/** "schema.name" as it can be pasted into SQL. */
export function pasted({ schema, name }: QualifiedName): string {
  return [schema, name]
    .filter((part) => part !== "")
    .map(identifier)
    .join(".");
}

/** The way to delete rows and still have them: a copy first, of all rows or of those that will go. */
export function keepFirst(table: QualifiedName, rows: "all" | "some"): string {
  const kept = pasted({ ...table, name: `${table.name}_kept` });
  const what = rows === "all" ? `TABLE ${pasted(table)}` : `SELECT * FROM ${pasted(table)} WHERE …`;
  return `before it: CREATE TABLE ${kept} AS ${what}; drop the copy a release later`;
}
