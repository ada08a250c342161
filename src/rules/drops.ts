import type { Node, ObjectType } from "@pgsql/types";
import type { Statement, SubjectHit } from "../model/rule.ts";
import { isTagged } from "./nodes.ts";

/** What one DROP statement names, and whether it takes dependents with it. */
export interface Drop {
  readonly objects: readonly Node[];
  readonly cascade: boolean;
}

/** The statement as a DROP of one of these kinds; null if it is anything else. */
export function dropOf(statement: Statement, ...kinds: readonly ObjectType[]): Drop | null {
  if (!isTagged(statement, "DropStmt")) return null;
  const { removeType, objects, behavior } = statement.node;
  if (removeType === undefined || !kinds.includes(removeType)) return null;
  return { objects: objects ?? [], cascade: behavior === "DROP_CASCADE" };
}

/**
 * A hit of DROP … CASCADE on a thing that holds no rows itself. Its dependents are not known here, and PostgreSQL lets
 * columns, materialized views and even tables (partition keys, row types) be among them.
 */
export function cascadeHit(subject: string): SubjectHit {
  return {
    subject,
    hazard: "data-loss",
    why: "CASCADE also drops whatever depends on it, columns and materialized views included, and that cannot be seen here",
    instead: "drop each dependent by name first, then this one without CASCADE",
  };
}
