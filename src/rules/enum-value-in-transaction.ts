import type { Rule } from "../model/rule.ts";
import { shown } from "./names.ts";
import { descendants } from "./nodes.ts";

/** Values are literals, so the enum is named instead. One that was made in the same transaction may be used at once. */
export const enumValueInTransaction: Rule = {
  id: "enum-value-in-transaction",
  title: "Use an enum's new value in the transaction that adds it",
  hazard: "note",
  phase: "migrate",
  why: "is refused until the transaction that added the value has ended, so the run fails here",
  instead: "ALTER TYPE … ADD VALUE in a migration of its own, before this one",
  bad: ["ALTER TYPE app.mood ADD VALUE 'glad'; UPDATE app.users SET feeling = 'glad' WHERE id = 1;"],
  good: [
    "ALTER TYPE app.mood ADD VALUE 'glad'; UPDATE app.users SET feeling = 'sad' WHERE id = 1;",
    "ALTER TYPE app.mood ADD VALUE 'glad'; ALTER TYPE app.mood ADD VALUE 'merry' AFTER 'glad';",
  ],
  check(statement, state) {
    const { addedValues } = state.history;
    if (addedValues.size === 0 || statement.tag === "AlterEnumStmt") return [];
    const used = new Set<string>();
    for (const [key, value] of descendants(statement.node)) {
      const type = key === "sval" ? addedValues.get(textOf(value)) : undefined;
      if (type !== undefined) used.add(shown(type));
    }
    return [...used].map((subject) => ({ subject }));
  },
};

/** A constant's text stands in a node of the same name as the field: {sval: {sval: "glad"}}. */
function textOf(value: unknown): string {
  return typeof value === "object" && value !== null && "sval" in value ? String(value.sval) : "";
}
