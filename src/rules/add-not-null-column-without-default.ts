import type { ColumnDef, ConstrType } from "@pgsql/types";
import type { Rule } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { isNewHere, shown } from "./names.ts";
import { strings } from "./nodes.ts";

export const addNotNullColumnWithoutDefault: Rule = {
  id: "add-not-null-column-without-default",
  title: "Add a NOT NULL column without a default",
  hazard: "compatibility",
  phase: "expand",
  why: "fails if the table has a row, and inserts of the running release, which do not name the column, fail from now on",
  instead: "add it with a DEFAULT, or nullable now and NOT NULL one release later",
  bad: ["ALTER TABLE app.cache ADD COLUMN made timestamptz NOT NULL;", "ALTER TABLE app.blank ADD id int PRIMARY KEY;"],
  good: [
    "ALTER TABLE app.users ADD COLUMN note text NOT NULL DEFAULT '';",
    "ALTER TABLE app.users ADD COLUMN note text;",
    "ALTER TABLE app.notes ADD COLUMN number serial NOT NULL;",
    "ALTER TABLE app.notes ADD COLUMN number int NOT NULL GENERATED ALWAYS AS IDENTITY;",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch ADD COLUMN a int NOT NULL;",
  ],
  check: (statement, state) =>
    alterations(statement).flatMap(({ relation, action: { subtype, def } }) => {
      if (subtype !== "AT_AddColumn" || def === undefined || !("ColumnDef" in def)) return [];
      return needsValue(def.ColumnDef) && !isNewHere(relation, state)
        ? [{ subject: shown(relation, def.ColumnDef.colname) }]
        : [];
    }),
};

function needsValue({ constraints = [], typeName }: ColumnDef): boolean {
  const kinds = constraints.map((node) => ("Constraint" in node ? node.Constraint.contype : undefined));
  const has = (...wanted: readonly ConstrType[]) => kinds.some((kind) => kind !== undefined && wanted.includes(kind));
  const isSerial = /serial/.test(strings(typeName?.names).at(-1) ?? "");
  return (
    has("CONSTR_NOTNULL", "CONSTR_PRIMARY") &&
    !isSerial &&
    !has("CONSTR_DEFAULT", "CONSTR_IDENTITY", "CONSTR_GENERATED")
  );
}
