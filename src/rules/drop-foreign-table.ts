import type { Rule } from "../model/rule.ts";
import { dropHits } from "./drops.ts";

/** The rows of a foreign table live on the other server and stay there. */
export const dropForeignTable: Rule = {
  id: "drop-foreign-table",
  title: "Drop a foreign table",
  hazard: "compatibility",
  phase: "contract",
  why: "queries of the running release that read it fail; the rows on the other server stay",
  instead: "stop reading it now, drop it one release later",
  bad: ["DROP FOREIGN TABLE app.far_things;", "DROP FOREIGN TABLE IF EXISTS app.far_people CASCADE;"],
  good: ["COMMENT ON FOREIGN TABLE app.far_things IS 'far';", "DROP TABLE app.notes;"],
  check: (statement, state) => dropHits(statement, state, "OBJECT_FOREIGN_TABLE"),
};
