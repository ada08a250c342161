import type { Rule } from "../model/rule.ts";
import { type Alteration, alterations } from "./alterations.ts";
import { isNewHere, shown } from "./names.ts";

/** PostgreSQL refuses to change an attribute's type while a table has a column of the type; adding one it allows. */
export const alterTypeAttribute: Rule = {
  id: "alter-type-attribute",
  title: "Add or change an attribute of a composite type",
  hazard: "note",
  phase: "expand",
  why: "values of the type have another shape: what the running release reads or writes as a whole row of it fails",
  instead: "let releases name the attributes they use: (c).a, ROW(…)::type only with all of them",
  bad: [
    "ALTER TYPE app.loose_span ADD ATTRIBUTE step int;",
    "ALTER TYPE app.loose_span ALTER ATTRIBUTE stop TYPE bigint;",
  ],
  good: ["ALTER TABLE app.users ADD COLUMN step int;", "CREATE TYPE app.fresh AS (a int);"],
  check: (statement, state) =>
    alterations(statement)
      .filter((alteration) => isReshaped(alteration) && !isNewHere(alteration.relation, state))
      .map(({ relation, action: { name, def } }) => ({
        subject: shown(relation, def !== undefined && "ColumnDef" in def ? (def.ColumnDef.colname ?? name) : name),
      })),
};

function isReshaped({ kind, action: { subtype } }: Alteration): boolean {
  return kind === "OBJECT_TYPE" && (subtype === "AT_AddColumn" || subtype === "AT_AlterColumnType");
}
