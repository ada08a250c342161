import type { A_Expr, Node, RangeVar } from "@pgsql/types";
import type { KnownPart, RunState } from "../model/rule.ts";
import { literal } from "./constants.ts";
import { relationName } from "./names.ts";
import { strings } from "./nodes.ts";
import { columnPath } from "./where-reach.ts";

/** Columns that a WHERE holds to one constant each: c = 1 AND d = 'x'::text. */
export function pinnedColumns(where: Node | undefined): readonly string[] {
  if (where === undefined) return [];
  if ("BoolExpr" in where && where.BoolExpr.boolop === "AND_EXPR") {
    return (where.BoolExpr.args ?? []).flatMap((arg) => pinnedColumns(arg));
  }
  return "A_Expr" in where && where.A_Expr.kind === "AEXPR_OP" ? pinnedColumn(where.A_Expr) : [];
}

function pinnedColumn({ name, lexpr, rexpr }: A_Expr): readonly string[] {
  if (strings(name).at(-1) !== "=") return [];
  const [column, value] = columnPath(lexpr) === null ? [rexpr, lexpr] : [lexpr, rexpr];
  return isConstant(value) ? (columnPath(column)?.slice(-1) ?? []) : [];
}

/** A literal, cast or not. */
export function isConstant(node: Node | undefined): boolean {
  if (node !== undefined && "TypeCast" in node) return isConstant(node.TypeCast.arg);
  return literal(node) !== undefined;
}

/** Whether a WHERE picks one row: by a key that the run has made, or by a column named id, which is a key everywhere. */
export function picksOneRow(where: Node | undefined, relation: RangeVar | undefined, state: RunState): boolean {
  const pinned = pinnedColumns(where);
  if (pinned.includes("id")) return true;
  const table = relationName(relation);
  const parts = [...state.definitionsOn(table, "OBJECT_TABCONSTRAINT"), ...state.definitionsOn(table, "OBJECT_INDEX")];
  return parts.some((part) => isKey(part) && part.columns.every((column) => pinned.includes(column)));
}

/** A primary key, UNIQUE or unique index over plain columns of all rows. */
function isKey({ node, columns }: KnownPart): boolean {
  if (typeof node !== "object" || node === null || columns.length === 0) return false;
  const {
    contype,
    unique,
    whereClause,
    indexParams = [],
  } = node as {
    readonly contype?: string;
    readonly unique?: boolean;
    readonly whereClause?: unknown;
    readonly indexParams?: readonly Node[];
  };
  const isPlain = indexParams.every((node) => "IndexElem" in node && node.IndexElem.name !== undefined);
  const isUnique = contype === "CONSTR_PRIMARY" || contype === "CONSTR_UNIQUE" || unique === true;
  return isUnique && isPlain && whereClause === undefined;
}
