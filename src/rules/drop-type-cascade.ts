import type { Rule } from "../model/rule.ts";
import { cascadeHit, dropOf } from "./drops.ts";
import { isNewHere, nameParts, qualifiedName, shown } from "./names.ts";

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
  good: [
    "DROP TYPE app.unused;",
    "DROP TYPE IF EXISTS app.unused RESTRICT;",
    "CREATE TYPE app.fresh AS ENUM ('a'); DROP TYPE app.fresh CASCADE;",
    "ALTER TYPE app.mood ADD VALUE 'glad';",
  ],
  check(statement, state) {
    const drop = dropOf(statement, "OBJECT_TYPE", "OBJECT_DOMAIN");
    if (drop === null || !drop.cascade) return [];
    const names = drop.objects.map((object) => qualifiedName(nameParts(object)));
    return names
      .filter((name) => !isNewHere(name, state))
      .map((name) => ({ ...cascadeHit(shown(name)), why: this.why }));
  },
};
