import type { Constraint, CreatePolicyStmt, CreateTrigStmt, IndexStmt, Node, ViewStmt } from "@pgsql/types";
import type { QualifiedName, RunState } from "../model/rule.ts";
import { literal } from "./constants.ts";
import { strings } from "./nodes.ts";
import { isNode, isSameTree } from "./remade.ts";
import { columnPath } from "./where-reach.ts";

/** Comparisons of a guard with the one that takes its place. The parser's promise: what made a trigger is a CreateTrigStmt. */

function isWithin(columns: readonly string[], others: readonly string[]): boolean {
  return columns.every((column) => others.includes(column));
}

const listed = (nodes: readonly Node[] | undefined) => strings(nodes);

/** Rows are unique by fewer columns, or the same. */
function isUniqueAsBefore(before: Constraint, after: Constraint): boolean {
  const kinds = ["CONSTR_UNIQUE", "CONSTR_PRIMARY"];
  const isKept = before.contype === after.contype || after.contype === "CONSTR_PRIMARY";
  const [old, now] = [listed(before.keys), listed(after.keys)];
  const isNullsKept = before.nulls_not_distinct !== true || after.nulls_not_distinct === true;
  return kinds.includes(before.contype ?? "") && isKept && now.length > 0 && isWithin(now, old) && isNullsKept;
}

/** NO ACTION and RESTRICT refuse alike. */
function actionOf(action: string | undefined): string {
  return action === "r" || action === undefined ? "a" : action;
}

/** The same columns refer to the same ones, and a deleted or changed parent does to them what it did. */
export function isForeignKeyAsBefore(before: Constraint, after: Constraint): boolean {
  const parts: readonly (keyof Constraint)[] = ["fk_attrs", "pk_attrs", "fk_matchtype", "fk_del_set_cols"];
  const isSameTable = before.pktable?.relname === after.pktable?.relname;
  return (
    isSameTable &&
    parts.every((part) => isSameTree(before[part], after[part])) &&
    actionOf(before.fk_del_action) === actionOf(after.fk_del_action) &&
    actionOf(before.fk_upd_action) === actionOf(after.fk_upd_action)
  );
}

/** A constraint that lets no row through that the one before did not. */
function isConstraintAsBefore(before: Constraint, after: Constraint): boolean {
  if (isUnenforced(after)) return false;
  if (before.contype === "CONSTR_FOREIGN") return isForeignKeyAsBefore(before, after);
  if (before.contype === "CONSTR_CHECK") return isSameTree(before.raw_expr, after.raw_expr);
  if (before.contype === "CONSTR_NOTNULL") return after.contype === "CONSTR_NOTNULL";
  if (before.contype !== "CONSTR_EXCLUSION") return isUniqueAsBefore(before, after);
  const parts: readonly (keyof Constraint)[] = ["exclusions", "access_method", "where_clause"];
  return parts.every((part) => isSameTree(before[part], after[part]));
}

/** Whether the table still has a guard that lets no row through which this one did not, whatever its name. */
export function isCovered(before: Constraint, table: QualifiedName, end: RunState): boolean {
  const column = notNullColumn(before);
  if (column !== null && end.isNotNull(table, column)) return true;
  const others = end.definitionsOn(table, "OBJECT_TABCONSTRAINT").map(({ node }) => node);
  if (others.some((other) => isNode<Constraint>(other) && isConstraintAsBefore(before, other))) return true;
  if (before.contype !== "CONSTR_UNIQUE" || before.keys === undefined) return false;
  const indexParams = before.keys.map((key) => ({ IndexElem: { name: listed([key])[0] ?? "" } }));
  const indexes = end.definitionsOn(table, "OBJECT_INDEX").map(({ node }) => node);
  return indexes.some((index) => isNode<IndexStmt>(index) && isIndexAsBefore({ unique: true, indexParams }, index));
}

/** The column of CHECK (c IS NOT NULL); null for any other constraint. */
export function notNullColumn({ contype, raw_expr: expression }: Constraint): string | null {
  if (contype !== "CONSTR_CHECK" || expression === undefined || !("NullTest" in expression)) return null;
  const { nulltesttype, arg } = expression.NullTest;
  return nulltesttype === "IS_NOT_NULL" ? (columnPath(arg)?.at(-1) ?? null) : null;
}

/** NOT ENFORCED: the grammar leaves the field out. Keys are enforced always, and have none either. */
export function isUnenforced({ contype, is_enforced: isEnforced }: Constraint): boolean {
  return (contype === "CONSTR_CHECK" || contype === "CONSTR_FOREIGN") && isEnforced !== true;
}

/** If it was unique it is unique by the same columns or fewer, for the same rows or all. */
export function isIndexAsBefore(before: IndexStmt, after: IndexStmt): boolean {
  if (before.unique !== true) return true;
  const names = ({ indexParams = [] }: IndexStmt) => indexParams.map(elementText);
  const isSameRows = after.whereClause === undefined || isSameTree(before.whereClause, after.whereClause);
  return after.unique === true && isWithin(names(after), names(before)) && isSameRows;
}

/** An index by another name that does all the other one did. */
export function isSuccessor(before: IndexStmt, after: IndexStmt): boolean {
  const parts: readonly (keyof IndexStmt)[] = ["indexParams", "accessMethod", "whereClause"];
  return isIndexAsBefore(before, after) && parts.every((part) => isSameTree(before[part], after[part]));
}

function elementText(node: Node): string {
  if (!("IndexElem" in node)) return "";
  const { name, expr } = node.IndexElem;
  return name ?? JSON.stringify(expr, (key, value: unknown) => (key === "location" ? undefined : value));
}

/** Fires at every event it fired at, at the same moment, with the same function. */
export function isTriggerAsBefore(before: CreateTrigStmt, after: CreateTrigStmt): boolean {
  const parts: readonly (keyof CreateTrigStmt)[] = ["timing", "row", "funcname", "args"];
  const [old, now] = [before.events ?? 0, after.events ?? 0];
  const [oldColumns, columns] = [listed(before.columns), listed(after.columns)];
  // UPDATE OF columns; none are all of them
  const hasAllColumns = columns.length === 0 || (oldColumns.length > 0 && isWithin(oldColumns, columns));
  const isUnconditional = after.whenClause === undefined || isSameTree(before.whenClause, after.whenClause);
  return (
    parts.every((part) => isSameTree(before[part], after[part])) &&
    hasEvery(now, old) &&
    hasAllColumns &&
    isUnconditional
  );
}

function hasEvery(bits: number, wanted: number): boolean {
  return (bits & wanted) === wanted;
}

/** A policy that says the same. */
export function isPolicyAsBefore(before: CreatePolicyStmt, after: CreatePolicyStmt): boolean {
  const parts: readonly (keyof CreatePolicyStmt)[] = ["cmd_name", "permissive", "roles", "qual", "with_check"];
  return parts.every((part) => isSameTree(before[part], after[part]));
}

/** USING (true) and no more: nothing can be weaker. */
export function letsEveryRow({ permissive, qual, with_check: check }: CreatePolicyStmt): boolean {
  const isOpen = (node: Node | undefined) => node === undefined || literal(node) === true;
  return permissive === true && isOpen(qual) && isOpen(check);
}

/** Columns that a view shows; null if a star or an unnamed expression leaves that open. */
function viewColumns({ query, aliases = [] }: ViewStmt): readonly string[] | null {
  const targets = query !== undefined && "SelectStmt" in query ? (query.SelectStmt.targetList ?? []) : [];
  const names = targets.map((target) => {
    if (!("ResTarget" in target)) return "";
    return target.ResTarget.name ?? columnPath(target.ResTarget.val)?.at(-1) ?? "";
  });
  const shown = [...strings(aliases), ...names.slice(aliases.length)];
  return shown.length === 0 || shown.includes("*") || shown.includes("") ? null : shown;
}

/** Every column that it is known to have shown is shown again. */
export function isViewAsBefore(before: ViewStmt, after: ViewStmt): boolean {
  const [old, now] = [viewColumns(before), viewColumns(after)];
  return old === null || now === null || isWithin(old, now);
}
