import type { Node } from "@pgsql/types";
import type { QualifiedName, Rule, RunState } from "../model/rule.ts";
import { addedConstraints } from "./added-constraints.ts";
import { definedFunction } from "./definitions.ts";
import { calledFunctions } from "./function-calls.ts";
import { shown } from "./names.ts";
import { optionsOf, optionText } from "./options.ts";
import { identifier, pasted } from "./paste.ts";

/** Functions of PostgreSQL that a default is made of and that answer the same for all rows of a statement. */
const stable = new Set(
  (
    "now transaction_timestamp statement_timestamp current_setting current_schema current_database timezone date_trunc date_part extract " +
    "make_date make_interval make_timestamp to_timestamp to_char to_date to_json to_jsonb json_build_object json_build_array " +
    "jsonb_build_object jsonb_build_array array_fill lower upper btrim concat md5 length round floor ceil abs repeat format int4range " +
    "int8range numrange tsrange tstzrange daterange to_tsvector decode encode hstore"
  ).split(" "),
);

/** A default that is the same for every row is stored once, in the catalogue (since PostgreSQL 11). */
export const volatileDefault: Rule = {
  id: "volatile-default",
  title: "Add a column with a default that differs from row to row",
  hazard: "availability",
  phase: "expand",
  why: "rewrites the table while nobody can read or write it (ACCESS EXCLUSIVE lock), unless the function is declared STABLE",
  instead: "add the column without a default, SET DEFAULT, fill the old rows in batches",
  bad: [
    "ALTER TABLE app.notes ADD COLUMN token uuid DEFAULT gen_random_uuid();",
    "ALTER TABLE app.notes ADD COLUMN at timestamptz NOT NULL DEFAULT clock_timestamp();",
    "ALTER TABLE app.notes ADD COLUMN n int DEFAULT app.rolled();",
    "ALTER TABLE app.notes ADD COLUMN n bigint DEFAULT nextval('app.loose');",
  ],
  good: [
    "ALTER TABLE app.notes ADD COLUMN at timestamptz NOT NULL DEFAULT now();",
    "ALTER TABLE app.notes ADD COLUMN state text NOT NULL DEFAULT 'new';",
    "CREATE FUNCTION app.fixed() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'; ALTER TABLE app.notes ADD COLUMN n int DEFAULT app.fixed();",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch ADD COLUMN token uuid DEFAULT gen_random_uuid();",
  ],
  check: (statement, state) =>
    addedConstraints(statement, state, "CONSTR_DEFAULT")
      .filter(({ constraint }) => differs(constraint.raw_expr, state))
      .map(({ table, column }) => {
        const alter = `ALTER TABLE ${pasted(table)}`;
        const instead = `${alter} ADD ${identifier(column)} …; ${alter} ALTER ${identifier(column)} SET DEFAULT …; fill old rows in batches`;
        return { subject: shown(table, column), instead };
      }),
};

function differs(value: Node | undefined, state: RunState): boolean {
  return calledFunctions(value).some((name) => !isStable(name, state));
}

function isStable(name: QualifiedName, state: RunState): boolean {
  if ((name.schema === "" || name.schema === "pg_catalog") && stable.has(name.name)) return true;
  const options = optionsOf(definedFunction(name, state)?.options);
  return options.some((option) => option.defname === "volatility" && /^(stable|immutable)$/i.test(optionText(option)));
}
