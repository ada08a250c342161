import type { Rule } from "../model/rule.ts";
import { renameHits } from "./renames.ts";

/** How tools exchange an enum: the old name is back at the end, so it is no more than a note. */
export const renameType: Rule = {
  id: "rename-type",
  title: "Rename a type or domain",
  hazard: "note",
  phase: "contract",
  why: "casts and declarations of the running release that use the old name fail, unless it is given to another type at once",
  instead: "create the type under the new name, change the columns, drop the old one a release later",
  bad: ["ALTER TYPE app.mood RENAME TO feeling;", "ALTER DOMAIN app.zip RENAME TO postcode;"],
  good: ["ALTER TYPE app.mood ADD VALUE 'glad';"],
  check: (statement, state) => renameHits(statement, state, "OBJECT_TYPE", "OBJECT_DOMAIN"),
};
