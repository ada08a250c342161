import type { ColumnDef } from "@pgsql/types";
import type { Rule } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { isNewHere, shown } from "./names.ts";
import { strings } from "./nodes.ts";

export const addComputedColumn: Rule = {
  id: "add-computed-column",
  title: "Add a stored generated, serial or identity column",
  hazard: "availability",
  phase: "expand",
  why: "rewrites the table while nobody can read or write it (ACCESS EXCLUSIVE lock): every row gets its value at once",
  instead:
    "add a plain column, keep it by trigger or application, fill the old rows in batches; VIRTUAL needs no rewrite",
  bad: [
    "ALTER TABLE app.notes ADD COLUMN shout text GENERATED ALWAYS AS (upper(body)) STORED;",
    "ALTER TABLE app.notes ADD COLUMN number serial;",
    "ALTER TABLE app.notes ADD COLUMN number int GENERATED ALWAYS AS IDENTITY;",
  ],
  good: [
    "ALTER TABLE app.notes ADD COLUMN twice int GENERATED ALWAYS AS (id * 2) VIRTUAL;",
    "CREATE TABLE scratch (a int); ALTER TABLE scratch ADD COLUMN id bigserial;",
  ],
  check: (statement, state) =>
    alterations(statement).flatMap(({ relation, kind, action: { subtype, def } }) => {
      if (subtype !== "AT_AddColumn" || kind !== "OBJECT_TABLE" || def === undefined || !("ColumnDef" in def))
        return [];
      return isComputed(def.ColumnDef) && !isNewHere(relation, state)
        ? [{ subject: shown(relation, def.ColumnDef.colname) }]
        : [];
    }),
};

function isComputed({ typeName, constraints = [] }: ColumnDef): boolean {
  if (/serial/.test(strings(typeName?.names).at(-1) ?? "")) return true;
  return constraints.some((node) => {
    const { contype, generated_kind: kind } = "Constraint" in node ? node.Constraint : {};
    return contype === "CONSTR_IDENTITY" || (contype === "CONSTR_GENERATED" && kind === "s");
  });
}
