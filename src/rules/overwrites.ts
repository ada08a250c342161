import type { Node, UpdateStmt } from "@pgsql/types";
import type { QualifiedName, RunState, SubjectHit } from "../model/rule.ts";
import { isBookkeeping } from "./bookkeeping.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { columnPath, reachOf } from "./where-reach.ts";

/** `fills`: only nulls can change. `overwrites`: values that were there go. */
export type Overwrite = "nothing" | "fills" | "overwrites";

/**
 * The worst an UPDATE's SET list does to columns that existed before. Nothing: columns set to themselves, and columns
 * added in this run. A null may mean something (deleted_at), so filling it counts.
 */
export function overwriteOf({ relation, targetList = [], whereClause }: UpdateStmt, state: RunState): Overwrite {
  const table = relationName(relation);
  const effects = targetList.map((target) => ofTarget(target, table, whereClause, state));
  if (effects.includes("overwrites")) return "overwrites";
  return effects.includes("fills") ? "fills" : "nothing";
}

/** The hit of an UPDATE that changes some rows, or only nulls; null if it changes none, or is `update-without-where`. */
export function updateHit(update: UpdateStmt, state: RunState): SubjectHit | null {
  const { relation, whereClause, targetList = [] } = update;
  const table = relationName(relation);
  const [reach, overwrite] = [reachOf(whereClause, relation), overwriteOf(update, state)];
  if (reach === "none" || overwrite === "nothing" || isNewHere(table, state)) return null;
  if (isBookkeeping(relation, whereClause) || (reach !== "some" && overwrite !== "fills")) return null;
  const hit = { subject: shown(table) };
  if (overwrite === "overwrites") return hit;
  const filled = targetList
    .filter((target) => ofTarget(target, table, whereClause, state) === "fills")
    .flatMap((target) => ("ResTarget" in target ? [target.ResTarget.name ?? ""] : []));
  const mayBeNull = filled.every((column) => !state.isNotNull(table, column));
  // filling the nulls of a column is part of making it NOT NULL
  return { ...hit, settle: (end) => (mayBeNull && filled.every((c) => end.isNotNull(table, c)) ? null : hit) };
}

function ofTarget(target: Node, table: QualifiedName, where: Node | undefined, state: RunState): Overwrite {
  if (!("ResTarget" in target)) return "overwrites";
  const { name: column = "", val, indirection } = target.ResTarget;
  if (state.columnAddedInRun(table, column)) return "nothing";
  if (indirection !== undefined) return "overwrites"; // SET c.field, c[1]: a part of a value
  if (isColumn(val, column)) return "nothing";
  if (!requiresNull(where, column) && !keepsValue(val, column)) return "overwrites";
  return "fills";
}

/** c itself; qualified only by what UPDATE names, which FROM cannot shadow without an alias we would see as "u.c". */
function isColumn(node: Node | undefined, column: string): boolean {
  const path = columnPath(node);
  return path !== null && path.length === 1 && path[0] === column;
}

/** WHERE … AND c IS NULL AND …: rows with a value are out of reach. */
function requiresNull(where: Node | undefined, column: string): boolean {
  if (where === undefined) return false;
  if ("NullTest" in where) return where.NullTest.nulltesttype === "IS_NULL" && endsIn(where.NullTest.arg, column);
  if (!("BoolExpr" in where) || where.BoolExpr.boolop !== "AND_EXPR") return false;
  return (where.BoolExpr.args ?? []).some((arg) => requiresNull(arg, column));
}

/** COALESCE(c, …) */
function keepsValue(node: Node | undefined, column: string): boolean {
  return node !== undefined && "CoalesceExpr" in node && isColumn(node.CoalesceExpr.args?.[0], column);
}

function endsIn(node: Node | undefined, column: string): boolean {
  return columnPath(node)?.at(-1) === column;
}
