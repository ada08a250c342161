import type { InsertStmt, Node } from "@pgsql/types";
import type { RunState, SubjectHit } from "../model/rule.ts";
import { isConstant } from "./keys.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { columnPath, reachOf } from "./where-reach.ts";

/** The hit of an INSERT … ON CONFLICT DO UPDATE; null if it cannot overwrite a row that was there. */
export function upsertHit({ relation, onConflictClause }: InsertStmt, state: RunState): SubjectHit | null {
  if (onConflictClause?.action !== "ONCONFLICT_UPDATE") return null;
  if (reachOf(onConflictClause.whereClause, relation) === "none") return null;
  const name = relationName(relation);
  return isNewHere(name, state) ? null : { subject: shown(name) };
}

/** Rows written out in the file, and nothing but them written over what is there: how seed data is kept. */
export function isSeed({ selectStmt, onConflictClause }: InsertStmt): boolean {
  const rows = selectStmt !== undefined && "SelectStmt" in selectStmt ? (selectStmt.SelectStmt.valuesLists ?? []) : [];
  const values = rows.flatMap((row) => ("List" in row ? (row.List.items ?? []) : []));
  const targets = onConflictClause?.targetList ?? [];
  return (
    rows.length > 0 &&
    values.every(isWritten) &&
    targets.every((target) => "ResTarget" in target && isWritten(target.ResTarget.val))
  );
}

/** A constant, an array or row of them, DEFAULT, the time, or the row that was to be inserted. */
function isWritten(node: Node | undefined): boolean {
  if (node === undefined) return false;
  if ("TypeCast" in node) return isWritten(node.TypeCast.arg);
  if ("A_ArrayExpr" in node) return (node.A_ArrayExpr.elements ?? []).every(isWritten);
  if ("FuncCall" in node) return isClock(node);
  if ("SetToDefault" in node) return true;
  if ("SQLValueFunction" in node)
    return node.SQLValueFunction.op !== undefined && /TIME|DATE/.test(node.SQLValueFunction.op);
  return columnPath(node)?.[0] === "excluded" || isConstant(node);
}

function isClock({ FuncCall: { funcname = [] } }: Extract<Node, { FuncCall: unknown }>): boolean {
  const name = funcname.at(-1);
  return (
    name !== undefined && "String" in name && /^(?:now|clock_timestamp|gen_random_uuid)$/.test(name.String.sval ?? "")
  );
}
