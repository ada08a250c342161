import type { Rule } from "../model/rule.ts";
import { dropHits } from "./drops.ts";

/** A sequence holds no rows, but its position: made again it hands out numbers that were used before. */
export const dropSequence: Rule = {
  id: "drop-sequence",
  title: "Drop a sequence",
  hazard: "integrity",
  phase: "contract",
  why: "forgets which numbers were handed out; inserts that ask it for one fail",
  instead: "stop using it now, drop it one release later",
  bad: ["DROP SEQUENCE app.loose;", "DROP SEQUENCE IF EXISTS app.ticket CASCADE;"],
  good: [
    "CREATE SEQUENCE app.fresh; DROP SEQUENCE app.fresh;",
    "ALTER SEQUENCE app.loose OWNED BY NONE;",
    "SELECT nextval('app.loose');",
  ],
  check: (statement, state) => dropHits(statement, state, "OBJECT_SEQUENCE"),
};
