import type { QualifiedName, RunState, SubjectHit } from "../model/rule.ts";

/** Something that is dropped: its kind in the grammar's words, its table's name or its own, its name on that table. */
export interface Dropped {
  readonly kind: string;
  readonly name: QualifiedName;
  readonly part?: string;
}

/**
 * The hit of a DROP, unless the same text makes the thing again and it is no less than it was: `replaced` says what is left
 * of the hit, from the node that made it before (null if that was out of sight) and the one that made it again.
 */
export function unlessRemade<Node extends object>(
  hit: SubjectHit,
  { kind, name, part = "" }: Dropped,
  state: RunState,
  replaced: (before: Node | null, after: Node) => SubjectHit | null,
): SubjectHit {
  const before = state.definition(kind, name, part);
  return {
    ...hit,
    settle: (end) => {
      const after = end.definition(kind, name, part);
      return isNode<Node>(after) ? replaced(isNode<Node>(before) ? before : null, after) : hit;
    },
  };
}

/** The parser's promise: what made an object of one kind is always a node of one shape. */
export function isNode<Node extends object>(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}

/** Whether two parts of parse trees say the same, wherever they stand. */
export function isSameTree(one: unknown, other: unknown): boolean {
  return withoutPlaces(one) === withoutPlaces(other);
}

function withoutPlaces(node: unknown): string {
  return JSON.stringify(node ?? null, (key, value: unknown) => (key === "location" ? undefined : value));
}
