import type { Rule } from "../model/rule.ts";
import { alterationHits } from "./alterations.ts";

export const dropExpression: Rule = {
  id: "drop-expression",
  title: "Let a generated column no longer follow",
  hazard: "integrity",
  phase: "contract",
  why: "the column keeps what it holds and no longer follows: new rows leave it null, changed rows leave it stale",
  instead: "let the release that writes the column itself run everywhere first",
  bad: ["ALTER TABLE app.users ALTER COLUMN twice DROP EXPRESSION;"],
  good: [
    "ALTER TABLE app.users ALTER COLUMN phone DROP DEFAULT;",
    "CREATE TABLE scratch (id int, d int GENERATED ALWAYS AS (id) STORED); ALTER TABLE scratch ALTER d DROP EXPRESSION;",
  ],
  check: (statement, state) => alterationHits(statement, state, "AT_DropExpression"),
};
