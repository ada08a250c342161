import type { Rule } from "../model/rule.ts";
import { dropOf, isMadeHere } from "./drops.ts";
import { nameParts, qualifiedName, shown } from "./names.ts";

/** Without CASCADE PostgreSQL refuses to drop a schema that holds anything, so that form loses nothing. */
export const dropSchema: Rule = {
  id: "drop-schema",
  title: "Drop a schema with all it holds",
  hazard: "data-loss",
  phase: "contract",
  why: "deletes every table, view and function in the schema; only a restore brings them back",
  instead: "drop its objects by name first, each reviewed, then the empty schema without CASCADE",
  bad: [
    "DROP SCHEMA app CASCADE;",
    "DROP SCHEMA IF EXISTS nowhere, app CASCADE;",
    "CREATE SCHEMA IF NOT EXISTS app; DROP SCHEMA app CASCADE;",
  ],
  good: [
    "CREATE SCHEMA scratch; CREATE TABLE scratch.t AS SELECT * FROM app.users; DROP SCHEMA scratch CASCADE;",
    "DROP SCHEMA IF EXISTS hollow;",
    "DROP SCHEMA hollow RESTRICT;",
    "ALTER SCHEMA hollow RENAME TO hollow_old;",
  ],
  check(statement, state) {
    const drop = dropOf(statement, "OBJECT_SCHEMA");
    if (drop === null || !drop.cascade) return [];
    const old = drop.objects.filter((object) => !isMadeHere(drop.kind, object, state));
    return old.map((object) => ({ subject: shown(qualifiedName(nameParts(object))) }));
  },
};
