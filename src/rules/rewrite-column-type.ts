import type { Rule, RunState, SubjectHit } from "../model/rule.ts";
import { type Alteration, alterations } from "./alterations.ts";
import { type ColumnType, parseType, typeOf } from "./column-types.ts";
import { isNewHere, shown } from "./names.ts";
import { columnPath } from "./where-reach.ts";

/** Values that stay as they are stored need no new table: PostgreSQL then changes its catalogue alone. */
export const rewriteColumnType: Rule = {
  id: "rewrite-column-type",
  title: "Change the type of a column by rewriting its table",
  hazard: "availability",
  phase: "contract",
  why: "rewrites the table and its indexes while nobody can read or write it (ACCESS EXCLUSIVE lock)",
  instead: "add a column of the new type, fill it in batches, read it, drop the old one a release later",
  bad: [
    "ALTER TABLE app.notes ADD COLUMN n int; ALTER TABLE app.notes ALTER n TYPE bigint;",
    "ALTER TABLE app.users ALTER score TYPE bigint;",
    "ALTER TABLE app.users ALTER COLUMN score TYPE numeric(8,1);",
    "ALTER TABLE app.users ALTER feeling TYPE text USING feeling::text;",
  ],
  good: [
    "CREATE TABLE scratch (n int); ALTER TABLE scratch ALTER n TYPE bigint;",
    "ALTER TABLE app.notes ADD COLUMN n varchar(5); ALTER TABLE app.notes ALTER n TYPE varchar(10);",
    "ALTER TABLE app.notes ADD COLUMN n varchar(5); ALTER TABLE app.notes ALTER n TYPE text;",
    "ALTER TABLE app.notes ADD COLUMN n numeric(5,2); ALTER TABLE app.notes ALTER n TYPE numeric(9,2);",
  ],
  check: (statement, state) =>
    alterations(statement)
      .filter(({ kind, action }) => action.subtype === "AT_AlterColumnType" && kind === "OBJECT_TABLE")
      .flatMap((alteration) => hitsOf(alteration, state)),
};

function hitsOf({ relation, action: { name = "", def } }: Alteration, state: RunState): readonly SubjectHit[] {
  if (def === undefined || !("ColumnDef" in def) || def.ColumnDef.typeName === undefined) return [];
  if (isNewHere(relation, state)) return [];
  const { typeName, raw_default: using } = def.ColumnDef;
  const subject = shown(relation, name);
  if (using !== undefined && columnPath(using)?.at(-1) !== name) return [{ subject }];
  const [known, to] = [state.columnType(relation, name), typeOf(typeName)];
  if (known === null) return [{ subject, ...(isEndless(to) ? perhaps : {}) }];
  const from = parseType(known);
  return from !== null && keepsStorage(from, to) ? [] : [{ subject }];
}

const perhaps = {
  hazard: "note",
  why: "its present type is not known here: varchar changes in the catalogue alone, anything else rewrites the table (ACCESS EXCLUSIVE lock)",
} as const;

function isEndless({ name, modifiers, isArray }: ColumnType): boolean {
  return !isArray && (name === "text" || (name === "varchar" && modifiers.length === 0));
}

function keepsStorage(from: ColumnType, to: ColumnType): boolean {
  if (from.isArray !== to.isArray) return false;
  if (from.name === to.name) return grows(from, to);
  const isText = (type: ColumnType) => type.name === "text" || type.name === "varchar";
  return (isText(from) && isEndless(to)) || (from.name === "cidr" && to.name === "inet");
}

/** The first number is a length or precision, and none is endless; a second one (scale) must stay. */
function grows({ modifiers: from, name }: ColumnType, { modifiers: to }: ColumnType): boolean {
  if (from.join() === to.join() || (to.length === 0 && name !== "bpchar")) return true;
  if (!["varchar", "varbit", "numeric", "timestamp", "timestamptz", "time", "timetz"].includes(name)) return false;
  return from.length > 0 && (from[0] ?? 0) <= (to[0] ?? 0) && (from[1] ?? 0) === (to[1] ?? 0);
}
