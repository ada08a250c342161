import type { IndexStmt } from "@pgsql/types";
import type { QualifiedName, Rule, RunState, SubjectHit } from "../model/rule.ts";
import { dropOf } from "./drops.ts";
import { nameParts, qualifiedName, relationName, shown } from "./names.ts";
import { isNode, unlessRemade } from "./remade.ts";
import { isIndexAsBefore, isSuccessor } from "./weaker.ts";

/** Whether the index is unique is not said here, so the guard counts. Its CASCADE takes only foreign keys that rest on it. */
export const dropIndex: Rule = {
  id: "drop-index",
  title: "Drop an index",
  hazard: "integrity",
  phase: "contract",
  why: "queries that use it become slow; if it is unique, duplicates can be written from now on",
  instead:
    "create its successor CONCURRENTLY first, check that no query uses the old one, then DROP INDEX CONCURRENTLY",
  bad: [
    "DROP INDEX app.orders_note_unique; CREATE INDEX orders_note_unique ON app.orders (note);",
    "CREATE UNIQUE INDEX IF NOT EXISTS orders_note_unique ON app.orders (note); DROP INDEX app.orders_note_unique;",
    "DROP INDEX app.orders_note_unique;",
    "DROP INDEX IF EXISTS app.orders_state_index, app.orders_note_unique;",
    "DROP INDEX app.tags_id_unique CASCADE;",
  ],
  good: [
    "CREATE UNIQUE INDEX old ON app.notes (body); CREATE UNIQUE INDEX successor ON app.notes (body); DROP INDEX app.old;",
    "DROP INDEX app.orders_note_unique; CREATE UNIQUE INDEX orders_note_unique ON app.orders (note);",
    "CREATE INDEX by_body ON app.notes (body); DROP INDEX app.by_body;",
    "ALTER INDEX app.orders_state_index RENAME TO orders_by_state;",
    "CREATE TABLE scratch (id int); CREATE INDEX scratch_id ON scratch (id);",
    "REINDEX INDEX app.orders_state_index;",
  ],
  check(statement, state) {
    const drop = dropOf(statement, "OBJECT_INDEX");
    const names = drop?.objects.map((object) => qualifiedName(nameParts(object))) ?? [];
    return names
      .filter((name) => !state.madeHere("OBJECT_INDEX", name))
      .map((name) => (drop?.cascade ? { subject: shown(name), ...withForeignKeys } : indexHit(name, state)));
  },
};

function indexHit(name: QualifiedName, state: RunState): SubjectHit {
  const node = state.definition("OBJECT_INDEX", name);
  const known = isNode<IndexStmt>(node) ? node : null;
  const hit = { subject: shown(name), ...(known !== null && known.unique !== true ? onlySlower : {}) };
  const remade = unlessRemade<IndexStmt>(hit, { kind: "OBJECT_INDEX", name }, state, (before, after) =>
    indexReplaced(hit, before, after),
  );
  return { ...remade, settle: (end) => (hasSuccessor(known, end) ? null : (remade.settle?.(end) ?? null)) };
}

/** Another index of the table keeps the same rows apart, or finds them as fast. */
function hasSuccessor(known: IndexStmt | null, end: RunState): boolean {
  if (known === null) return false;
  const others = end.definitionsOn(relationName(known.relation), "OBJECT_INDEX").map(({ node }) => node);
  return others.some((other) => isNode<IndexStmt>(other) && isSuccessor(known, other));
}

function indexReplaced(hit: SubjectHit, before: IndexStmt | null, after: IndexStmt): SubjectHit | null {
  if (before !== null) return isIndexAsBefore(before, after) ? null : { ...hit, why: notUnique };
  if (after.unique === true) return null;
  return /uniq|_key$|_uq|^uq_|^uk_|_uk$|^ux_|_ux$/i.test(hit.subject)
    ? { ...hit, why: notUnique }
    : { ...hit, ...plain };
}

const notUnique = "it comes back less unique than it was; duplicates can be written from now on";

const onlySlower = {
  hazard: "note",
  why: "queries that use it become slow; it is not unique, so it guards nothing",
} as const;

const plain = {
  hazard: "availability",
  why: "queries that use it are slow until it is there again",
} as const;

const withForeignKeys = {
  why: "CASCADE also drops foreign keys that rest on it; duplicates and orphaned rows can be written from now on",
};
