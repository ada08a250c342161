import type { QualifiedName, Rule, RunState, SubjectHit } from "../model/rule.ts";
import { listed } from "./children.ts";
import { dropOf, isMadeHere } from "./drops.ts";
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
  good: [
    "CREATE TYPE app.fresh AS ENUM ('x'); CREATE TABLE app.t (c app.fresh); DROP TYPE app.fresh CASCADE;",
    "DROP TYPE app.unused;",
    "DROP TYPE IF EXISTS app.unused RESTRICT;",
    "ALTER TYPE app.mood ADD VALUE 'glad';",
  ],
  check(statement, state) {
    const drop = dropOf(statement, "OBJECT_TYPE", "OBJECT_DOMAIN");
    if (drop === null || !drop.cascade) return [];
    const old = drop.objects.filter((object) => !isMadeHere(drop.kind, object, state));
    return old.map((object) => withColumns(qualifiedName(nameParts(object)), state));
  },
};

/** Columns that the run is known to have made with the type, by name. */
function withColumns(type: QualifiedName, state: RunState): SubjectHit {
  const columns = state.columnsOfType(type);
  const subject = shown(type);
  if (columns.length === 0) return { subject };
  return {
    subject,
    why: `deletes ${listed(columns)} with all other columns of this type; only a restore brings them back`,
  };
}
