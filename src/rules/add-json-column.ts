import type { Rule } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { typeOf } from "./column-types.ts";
import { isNewHere, shown } from "./names.ts";
import { identifier, pasted } from "./paste.ts";

export const addJsonColumn: Rule = {
  id: "add-json-column",
  title: "Add a json column",
  hazard: "note",
  phase: "expand",
  why: "json has no equality: SELECT DISTINCT, GROUP BY and UNION of the running release over all columns fail",
  instead: "ADD COLUMN … jsonb",
  bad: ["ALTER TABLE app.orders ADD COLUMN data json;"],
  good: [
    "ALTER TABLE app.orders ADD COLUMN data jsonb;",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch ADD COLUMN data json;",
  ],
  check: (statement, state) =>
    alterations(statement).flatMap(({ relation, action: { subtype, def } }) => {
      if (subtype !== "AT_AddColumn" || def === undefined || !("ColumnDef" in def)) return [];
      const { colname = "", typeName } = def.ColumnDef;
      if (typeName === undefined || typeOf(typeName).name !== "json" || isNewHere(relation, state)) return [];
      const instead = `ALTER TABLE ${pasted(relation)} ADD COLUMN ${identifier(colname)} jsonb`;
      return [{ subject: shown(relation, colname), instead }];
    }),
};
