import type { Node, ObjectType } from "@pgsql/types";
import type { RunState, Statement, SubjectHit } from "../model/rule.ts";
import { isNewHere, nameParts, qualifiedName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";

/** What one DROP statement names, and whether it takes dependents with it. */
export interface Drop {
  readonly kind: ObjectType;
  readonly objects: readonly Node[];
  readonly cascade: boolean;
}

/** The statement as a DROP of one of these kinds; null if it is anything else. */
export function dropOf(statement: Statement, ...kinds: readonly ObjectType[]): Drop | null {
  if (!isTagged(statement, "DropStmt")) return null;
  const { removeType: kind, objects = [], behavior } = statement.node;
  if (kind === undefined || !kinds.includes(kind)) return null;
  return { kind, objects, cascade: behavior === "DROP_CASCADE" };
}

/**
 * One hit for each thing dropped that was there before this text; with CASCADE it is the loss of unknown dependents. Only
 * kinds that share the tables' names can be known as made here: a function may be called like a new table.
 */
export function dropHits(statement: Statement, state: RunState, ...kinds: readonly ObjectType[]): SubjectHit[] {
  const drop = dropOf(statement, ...kinds);
  if (drop === null) return [];
  return drop.objects
    .map((object) => qualifiedName(nameParts(object)))
    .filter((name) => !relations.has(drop.kind) || !isNewHere(name, state))
    .map((name) => (drop.cascade ? cascadeHit(shown(name)) : { subject: shown(name) }));
}

const relations: ReadonlySet<ObjectType> = new Set([
  "OBJECT_FOREIGN_TABLE",
  "OBJECT_MATVIEW",
  "OBJECT_SEQUENCE",
  "OBJECT_TABLE",
  "OBJECT_VIEW",
]);

/**
 * A hit of DROP … CASCADE on a thing that holds no rows itself. Its dependents are not known here, and PostgreSQL lets
 * columns, materialized views and even tables (partition keys, row types) be among them.
 */
export function cascadeHit(subject: string): SubjectHit {
  return {
    subject,
    hazard: "data-loss",
    why: "CASCADE also deletes whatever depends on it, columns and materialized views included, and that cannot be seen here",
    instead: "drop each dependent by name first, then this one without CASCADE",
  };
}

/** The same for what hangs on a table (trigger, policy, rule: the table's name comes first). Nothing depends on these. */
export function attachedHits(statement: Statement, state: RunState, ...kinds: readonly ObjectType[]): SubjectHit[] {
  const parts = dropOf(statement, ...kinds)?.objects.map(nameParts) ?? [];
  return parts
    .filter((part) => !isNewHere(qualifiedName(part.slice(0, -1)), state))
    .map((part) => ({ subject: part.join(".") }));
}
