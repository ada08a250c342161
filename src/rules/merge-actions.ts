import type { MergeStmt, MergeWhenClause, Node } from "@pgsql/types";
import type { RunState, Statement, SubjectHit } from "../model/rule.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { columnPath, reachOf } from "./where-reach.ts";

/** One hit if a MERGE does this to rows that exist; if nothing bounds which rows, it is the loss that `everyRow` says. */
export function mergeHits(
  statement: Statement,
  state: RunState,
  command: "CMD_DELETE" | "CMD_UPDATE",
  everyRow: string,
): readonly SubjectHit[] {
  if (!isTagged(statement, "MergeStmt")) return [];
  const merge = statement.node;
  const name = relationName(merge.relation);
  const clauses = actions(merge).filter((clause) => clause.commandType === command && canHappen(clause, merge));
  if (clauses.length === 0 || isNewHere(name, state)) return [];
  const isWhole = clauses.some((clause) => isUnbounded(clause, merge));
  return [{ subject: shown(name), ...(isWhole ? { hazard: "data-loss", why: everyRow } : {}) }];
}

function actions({ mergeWhenClauses = [] }: MergeStmt): readonly MergeWhenClause[] {
  return mergeWhenClauses.flatMap((node) => ("MergeWhenClause" in node ? [node.MergeWhenClause] : []));
}

function canHappen({ condition }: MergeWhenClause, { relation }: MergeStmt): boolean {
  return reachOf(condition, relation) !== "none";
}

/** Every row matches (ON true, or the table joined to itself), or none does and the clause is for those without a match. */
function isUnbounded({ matchKind, condition }: MergeWhenClause, merge: MergeStmt): boolean {
  if (reachOf(condition, merge.relation) === "some") return false;
  const on = reachOf(merge.joinCondition, merge.relation);
  if (matchKind === "MERGE_WHEN_NOT_MATCHED_BY_SOURCE") return on === "none" || on === "all-or-none";
  return on === "all" || on === "all-or-none" || joinsItself(merge);
}

function joinsItself({ relation, sourceRelation, joinCondition }: MergeStmt): boolean {
  if (sourceRelation === undefined || !("RangeVar" in sourceRelation)) return false;
  return sourceRelation.RangeVar.relname === relation?.relname && comparesOneColumn(joinCondition);
}

/** a.c = b.c */
function comparesOneColumn(node: Node | undefined): boolean {
  if (node === undefined || !("A_Expr" in node)) return false;
  const column = columnPath(node.A_Expr.lexpr)?.at(-1);
  return column !== undefined && column === columnPath(node.A_Expr.rexpr)?.at(-1);
}
