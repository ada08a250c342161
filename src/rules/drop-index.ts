import type { QualifiedName, Rule, RunState, SubjectHit } from "../model/rule.ts";
import { definedIndex } from "./definitions.ts";
import { dropOf } from "./drops.ts";
import { isNewHere, nameParts, qualifiedName, shown } from "./names.ts";

/** Whether the index is unique is not said here, so the guard counts unless the run made it without UNIQUE. Its CASCADE takes only foreign keys that rest on it. */
export const dropIndex: Rule = {
  id: "drop-index",
  title: "Drop an index",
  hazard: "integrity",
  phase: "contract",
  why: "queries that use it become slow; if it is unique, duplicates can be written from now on",
  instead:
    "create its successor CONCURRENTLY first, check that no query uses the old one, then DROP INDEX CONCURRENTLY",
  bad: [
    "DROP INDEX app.orders_note_unique;",
    "DROP INDEX IF EXISTS app.orders_state_index, app.orders_note_unique;",
    "DROP INDEX app.tags_id_unique CASCADE;",
  ],
  good: [
    "ALTER INDEX app.orders_state_index RENAME TO orders_by_state;",
    "CREATE TABLE scratch (id int); CREATE INDEX scratch_id ON scratch (id);",
    "REINDEX INDEX app.orders_state_index;",
  ],
  check(statement, state) {
    const drop = dropOf(statement, "OBJECT_INDEX");
    const names = drop?.objects.map((object) => qualifiedName(nameParts(object))) ?? [];
    return names
      .filter((name) => !isNewHere(name, state))
      .map((name) => ({ subject: shown(name), ...(drop?.cascade ? withForeignKeys : effectOf(name, state)) }));
  },
};

function effectOf(name: QualifiedName, state: RunState): Omit<SubjectHit, "subject"> {
  const index = definedIndex(name, state);
  return index === undefined || index.unique ? {} : onlySlower;
}

const onlySlower = {
  hazard: "note",
  why: "queries that use it become slow; it is not unique, so it guards nothing",
} as const;

const withForeignKeys = {
  why: "CASCADE also drops foreign keys that rest on it; duplicates and orphaned rows can be written from now on",
};
