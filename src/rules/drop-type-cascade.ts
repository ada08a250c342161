import type { Rule } from "../model/rule.ts";
import { dropOf } from "./drops.ts";
import { nameParts, qualifiedName, shown } from "./names.ts";

/** Without CASCADE PostgreSQL refuses while a column uses the type, so that form loses nothing. */
export const dropTypeCascade: Rule = {
  id: "drop-type-cascade",
  title: "Drop a type or domain with what depends on it",
  hazard: "data-loss",
  phase: "contract",
  why: "deletes every column of this type with its data; only a restore brings them back",
  instead: "change the columns to another type first, then drop it without CASCADE",
  bad: [
    "DROP TYPE app.mood CASCADE;",
    "DROP DOMAIN IF EXISTS app.zip CASCADE;",
    "DROP TYPE app.unused, app.address CASCADE;",
  ],
  good: ["DROP TYPE app.unused;", "DROP TYPE IF EXISTS app.unused RESTRICT;", "ALTER TYPE app.mood ADD VALUE 'glad';"],
  check(statement) {
    const drop = dropOf(statement, "OBJECT_TYPE", "OBJECT_DOMAIN");
    if (drop === null || !drop.cascade) return [];
    return drop.objects.map((object) => ({ subject: shown(qualifiedName(nameParts(object))) }));
  },
};
