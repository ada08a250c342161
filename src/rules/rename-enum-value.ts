import type { Rule } from "../model/rule.ts";
import { isNewHere, qualifiedName, shown } from "./names.ts";
import { isTagged, strings } from "./nodes.ts";

export const renameEnumValue: Rule = {
  id: "rename-enum-value",
  title: "Rename a value of an enum",
  hazard: "compatibility",
  phase: "contract",
  why: "the running release can neither read nor write the value by its old name",
  instead: "add the new value, let both be read, move the rows a release later",
  bad: ["ALTER TYPE app.mood RENAME VALUE 'ok' TO 'fine';"],
  good: ["ALTER TYPE app.mood ADD VALUE IF NOT EXISTS 'fine';"],
  check(statement, state) {
    if (!isTagged(statement, "AlterEnumStmt") || statement.node.oldVal === undefined) return [];
    const name = qualifiedName(strings(statement.node.typeName));
    return isNewHere(name, state) ? [] : [{ subject: shown(name) }];
  },
};
