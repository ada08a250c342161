import type { Rule } from "../model/rule.ts";
import { qualifiedName, shown } from "./names.ts";
import { isTagged, strings } from "./nodes.ts";

/** The value is a literal, so it is not shown. */
export const addEnumValue: Rule = {
  id: "add-enum-value",
  title: "Add a value to an enum",
  hazard: "note",
  phase: "expand",
  why: "cannot be taken back without exchanging the whole type, and the running release may read a value it does not know",
  instead: "let the release that knows the value run everywhere before anything writes it",
  bad: ["ALTER TYPE app.mood ADD VALUE 'glad';", "ALTER TYPE app.mood ADD VALUE IF NOT EXISTS 'glad' BEFORE 'ok';"],
  good: ["CREATE TYPE app.fresh AS ENUM ('a', 'b');"],
  check(statement) {
    if (!isTagged(statement, "AlterEnumStmt") || statement.node.oldVal !== undefined) return [];
    return [{ subject: shown(qualifiedName(strings(statement.node.typeName))) }];
  },
};
