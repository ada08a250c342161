import type { Rule } from "../model/rule.ts";
import { renameHits } from "./renames.ts";

export const renameSchema: Rule = {
  id: "rename-schema",
  title: "Rename a schema or database",
  hazard: "compatibility",
  phase: "contract",
  why: "queries and connections of the running release that use the old name fail",
  instead: "make the new one beside it, move its objects once no release uses the old names",
  bad: ["ALTER SCHEMA app RENAME TO shop;", "ALTER DATABASE template1 RENAME TO template2;"],
  good: ["CREATE SCHEMA IF NOT EXISTS shop;", "ALTER SCHEMA hollow OWNER TO writer;"],
  check: (statement, state) => renameHits(statement, state, "OBJECT_SCHEMA", "OBJECT_DATABASE"),
};
