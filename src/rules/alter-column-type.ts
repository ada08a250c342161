import type { Rule, RunState, SubjectHit } from "../model/rule.ts";
import { type Alteration, alterations } from "./alterations.ts";
import { parseType, typeOf } from "./column-types.ts";
import { isNewHere, shown } from "./names.ts";
import { identifier, pasted } from "./paste.ts";
import { conversionOf } from "./using-expression.ts";

/** Columns of composite types cannot be changed while a table uses the type, so `kind` OBJECT_TYPE loses nothing. */
export const alterColumnType: Rule = {
  id: "alter-column-type",
  title: "Change the type of a column so that values may not survive",
  hazard: "data-loss",
  phase: "contract",
  why: "rounds, cuts or reinterprets values that the new type cannot hold, without an error; only a restore brings them back",
  instead: "add a column of the new type, fill it, compare, read it, drop the old one a release later",
  bad: [
    "ALTER TABLE app.users ALTER COLUMN score TYPE numeric(8,1);",
    "ALTER TABLE app.users ALTER score TYPE bigint;",
    "ALTER TABLE app.users ALTER seen SET DATA TYPE timestamp(0);",
    "ALTER TABLE app.users ALTER seen TYPE date;",
    "ALTER TABLE app.notes ALTER extra TYPE jsonb;",
    "ALTER TABLE app.notes ALTER body TYPE varchar(2) USING body::varchar(2);",
    "ALTER TABLE app.notes ALTER body TYPE text USING left(body, 1);",
    "ALTER TABLE app.notes ALTER body TYPE varchar(20);",
    "ALTER TABLE app.users ALTER age TYPE int;",
  ],
  good: [
    "ALTER TABLE app.users ALTER COLUMN phone TYPE text;",
    "ALTER TABLE app.users ALTER score TYPE varchar;",
    "ALTER TABLE app.users ALTER feeling TYPE text USING feeling::text;",
    "ALTER TABLE app.notes ADD COLUMN n int; ALTER TABLE app.notes ALTER n TYPE smallint;",
    "CREATE TABLE scratch (n numeric(8,3)); ALTER TABLE scratch ALTER n TYPE int;",
  ],
  check: (statement, state) =>
    alterations(statement)
      .filter(({ kind, action }) => action.subtype === "AT_AlterColumnType" && kind !== "OBJECT_TYPE")
      .flatMap((alteration) => hitsOf(alteration, state)),
};

function hitsOf({ relation, kind, action }: Alteration, state: RunState): readonly SubjectHit[] {
  const { name: column = "", def } = action;
  if (def === undefined || !("ColumnDef" in def) || def.ColumnDef.typeName === undefined) return [];
  if (isNewHere(relation, state) || state.columnAddedInRun(relation, column)) return [];
  const to = typeOf(def.ColumnDef.typeName);
  const known = state.columnType(relation, column);
  const outcome = conversionOf(known === null ? null : parseType(known), to, column, def.ColumnDef.raw_default);
  if (outcome === "safe") return [];
  const texts =
    kind === "OBJECT_FOREIGN_TABLE" ? elsewhere : outcome === "refuses" && to.isCustom ? swap : details[outcome];
  const add = `ALTER TABLE ${pasted(relation)} ADD COLUMN ${identifier(`${column}_new`)} …`;
  const instead = `${add}; fill it, compare, read it, drop ${identifier(column)} a release later`;
  return [{ subject: shown(relation, column), instead, ...texts }];
}

const details = {
  lossy: {},
  unknown: {
    why: "its present type is not known here, so the change may round or cut values without an error; only a restore brings them back",
  },
  refuses: {
    hazard: "compatibility",
    why: "fails if a value does not fit, and the running release can no longer write such values",
  },
} as const;

/** An enum exchanged for another, by way of text. */
const swap = { hazard: "note", why: "fails if a value is not in the new type" } as const;

const elsewhere = {
  hazard: "compatibility",
  why: "the running release reads another type; the data stays on the other server",
} as const;
