import type { Node } from "@pgsql/types";
import { type ColumnType, typeOf } from "./column-types.ts";
import { literal } from "./constants.ts";
import { strings } from "./nodes.ts";
import { type Outcome, outcomeOf, outcomes } from "./type-change.ts";
import { columnPath } from "./where-reach.ts";

/**
 * What ALTER COLUMN … TYPE … USING does to values: the worst of its casts, one after the other, and the assignment at
 * the end. Any other expression may keep as little as it likes.
 */
export function conversionOf(
  from: ColumnType | null,
  to: ColumnType,
  column: string,
  using: Node | undefined,
): Outcome {
  if (from !== null && isUtc(using, column) && isZoneSwitch(from, to)) return "safe";
  const casts = castsOf(using, column);
  if (casts === null) return "lossy";
  let [type, worst]: [ColumnType | null, Outcome] = [from, "safe"];
  for (const cast of casts) {
    worst = worse(worst, outcomeOf(type, cast, true));
    type = cast;
  }
  const isCastAlready = casts.length > 0 && JSON.stringify(type) === JSON.stringify(to);
  return isCastAlready ? worst : worse(worst, outcomeOf(type, to, false));
}

function worse(one: Outcome, other: Outcome): Outcome {
  return outcomes.indexOf(one) >= outcomes.indexOf(other) ? one : other;
}

/** The types a column is cast to, innermost first; null if the expression is anything but casts of it. */
function castsOf(using: Node | undefined, column: string): readonly ColumnType[] | null {
  const casts: ColumnType[] = [];
  let node = using;
  while (node !== undefined && "TypeCast" in node) {
    if (node.TypeCast.typeName !== undefined) casts.unshift(typeOf(node.TypeCast.typeName));
    node = node.TypeCast.arg;
  }
  return node === undefined || columnPath(node)?.at(-1) === column ? casts : null;
}

/** c AT TIME ZONE 'UTC', which keeps every value: the grammar makes it timezone('UTC', c). */
function isUtc(node: Node | undefined, column: string): boolean {
  if (node === undefined || !("FuncCall" in node)) return false;
  const { funcname, args = [] } = node.FuncCall;
  const zone = String(literal(args[0]) ?? "").toUpperCase();
  return strings(funcname).at(-1) === "timezone" && zone === "UTC" && columnPath(args[1])?.at(-1) === column;
}

function isZoneSwitch(from: ColumnType, to: ColumnType): boolean {
  const pair = [from.name, to.name].sort().join();
  return pair === "timestamp,timestamptz" && (from.modifiers[0] ?? 6) <= (to.modifiers[0] ?? 6);
}
