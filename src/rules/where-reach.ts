import type { A_Expr, BoolExpr, ColumnRef, Node, RangeVar, SubLink } from "@pgsql/types";
import { unknownName } from "../model/rule.ts";
import { constantComparison, type Literal, literal } from "./constants.ts";
import { descendants, strings } from "./nodes.ts";

/**
 * How far a WHERE reaches: no row, the rows it picks, every row or none (it names no column, so all rows share the
 * answer), or every row. In rising order, so that AND is the least of its parts and OR the greatest.
 */
const reaches = ["none", "some", "all-or-none", "all"] as const;
export type Reach = (typeof reaches)[number];

/** Rows of `target` that this WHERE lets through, as far as the text alone tells. No WHERE is every row. */
export function reachOf(where: Node | undefined, target: RangeVar | undefined): Reach {
  if (where === undefined) return "all";
  if ("BoolExpr" in where) return ofConnective(where.BoolExpr, target);
  if ("A_Const" in where) return ofTruth(literal(where));
  if (columnPath(where)?.at(-1) === unknownName) return "all-or-none"; // dynamic SQL's whole condition
  return ofCondition(where, target) ?? (dependsOnRow(where) ? "some" : "all-or-none");
}

function ofConnective({ boolop, args = [] }: BoolExpr, target: RangeVar | undefined): Reach {
  if (boolop === "NOT_EXPR") return ofNegation(args[0], target);
  const ranks = args.map((arg) => reaches.indexOf(reachOf(arg, target)));
  if (boolop === "OR_EXPR" && args.some((arg) => args.some((other) => areComplements(arg, other)))) return "all";
  return reaches[boolop === "AND_EXPR" ? Math.min(...ranks) : Math.max(...ranks)] ?? "some";
}

/** NOT (a < b) is a >= b for every row whose answer is not null, so the same conventions hold for both. */
function ofNegation(node: Node | undefined, target: RangeVar | undefined): Reach {
  const opposite = oppositeOf(node);
  return opposite === null ? negated[reachOf(node, target)] : reachOf(opposite, target);
}

const opposites: ReadonlyMap<string, string> = new Map([
  ["=", "<>"],
  ["<>", "="],
  ["<", ">="],
  [">=", "<"],
  [">", "<="],
  ["<=", ">"],
]);

function oppositeOf(node: Node | undefined): Node | null {
  if (node === undefined) return null;
  if ("NullTest" in node) {
    const { nulltesttype } = node.NullTest;
    return { NullTest: { ...node.NullTest, nulltesttype: nulltesttype === "IS_NULL" ? "IS_NOT_NULL" : "IS_NULL" } };
  }
  if (!("A_Expr" in node) || node.A_Expr.kind !== "AEXPR_OP") return null;
  const operator = opposites.get(strings(node.A_Expr.name).at(-1) ?? "");
  return operator === undefined ? null : { A_Expr: { ...node.A_Expr, name: [{ String: { sval: operator } }] } };
}

/** "All" may rest on a convention (keys named id), so its negation is not surely "none". NOT NULL is NULL: "all" errs on the safe side. */
const negated = { none: "all", some: "some", "all-or-none": "all-or-none", all: "some" } as const;

function ofTruth(value: Literal | undefined): Reach {
  if (value === null) return "none";
  if (typeof value === "boolean") return value ? "all" : "none";
  return "all-or-none";
}

function ofCondition(node: Node, target: RangeVar | undefined): Reach | null {
  if ("A_Expr" in node) return ofOperator(node.A_Expr);
  if ("SubLink" in node) return selectsWholeTable(node.SubLink, target) ? "all" : null;
  if (!("NullTest" in node) || node.NullTest.nulltesttype !== "IS_NOT_NULL") return null;
  return isNeverNull(columnPath(node.NullTest.arg)) ? "all" : null;
}

function ofOperator({ kind, name, lexpr, rexpr }: A_Expr): Reach | null {
  const operator = strings(name).at(-1) ?? "";
  const constants = kind === "AEXPR_OP" ? ofConstants(lexpr, operator, rexpr) : null;
  if (constants !== null) return constants;
  if (isSame(lexpr, rexpr)) return ofSelfComparison(kind, operator);
  const column = columnPath(lexpr);
  const matchesAll = (kind === "AEXPR_LIKE" || kind === "AEXPR_ILIKE") && isAnything(operator, literal(rexpr));
  return column !== null && (matchesAll || (column.at(-1) === "id" && isBelowEveryKey(operator, literal(rexpr))))
    ? "all"
    : null;
}

/** The same expression, or the same column once with its table and once without. */
function isSame(one: Node | undefined, other: Node | undefined): boolean {
  const [a, b] = [columnPath(one), columnPath(other)];
  if (a === null || b === null) return withoutPlaces(one) === withoutPlaces(other);
  return a.at(-1) === b.at(-1) && (a.length === 1 || b.length === 1 || a.join(".") === b.join("."));
}

function ofConstants(left: Node | undefined, operator: string, right: Node | undefined): Reach | null {
  const answer = constantComparison(left, operator, right);
  return answer === null ? null : ofTruth(answer);
}

/** NULL = NULL is not true, so rows with a null stay: all the rows that have a value go, which is what was meant. */
function ofSelfComparison(kind: A_Expr["kind"], operator: string): Reach | null {
  if (kind === "AEXPR_NOT_DISTINCT") return "all";
  return kind === "AEXPR_OP" && ["=", "<=", ">="].includes(operator) ? "all" : null;
}

/** LIKE '%' is `~~`, NOT LIKE is `!~~`. */
function isAnything(operator: string, pattern: Literal | undefined): boolean {
  return !operator.startsWith("!") && typeof pattern === "string" && /^%+$/.test(pattern);
}

/** The usual way around a client's "no WHERE" warning: keys named id count up from 1. */
function isBelowEveryKey(operator: string, bound: unknown): boolean {
  if (typeof bound !== "number") return false;
  return bound <= 0 ? [">", ">=", "<>"].includes(operator) : bound === 1 && operator === ">=";
}

/** System columns are never null, and a column named id is a key everywhere. */
function isNeverNull(column: readonly string[] | null): boolean {
  return ["id", "ctid", "oid", "tableoid", "xmin", "xmax", "cmin", "cmax"].includes(column?.at(-1) ?? "");
}

/** c IN (SELECT c FROM the same table), with nothing that limits it. */
function selectsWholeTable({ subLinkType, testexpr, operName, subselect }: SubLink, target?: RangeVar): boolean {
  if (subLinkType !== "ANY_SUBLINK" || operName !== undefined) return false;
  if (subselect === undefined || !("SelectStmt" in subselect)) return false;
  const { targetList = [], fromClause = [], whereClause, limitCount, limitOffset, havingClause } = subselect.SelectStmt;
  if ([whereClause, limitCount, limitOffset, havingClause].some((limit) => limit !== undefined)) return false;
  const [from] = fromClause;
  const [selected] = targetList;
  if (fromClause.length !== 1 || from === undefined || !("RangeVar" in from)) return false;
  const column = selected !== undefined && "ResTarget" in selected ? columnPath(selected.ResTarget.val) : null;
  return from.RangeVar.relname === target?.relname && column !== null && column.at(-1) === columnPath(testexpr)?.at(-1);
}

/** c IS NULL OR c IS NOT NULL; x OR NOT x. */
function areComplements(one: Node, other: Node): boolean {
  if ("NullTest" in one && "NullTest" in other) {
    const same = columnPath(one.NullTest.arg)?.join(".") === columnPath(other.NullTest.arg)?.join(".");
    return same && one.NullTest.nulltesttype !== other.NullTest.nulltesttype;
  }
  if (!("BoolExpr" in other) || other.BoolExpr.boolop !== "NOT_EXPR") return false;
  return withoutPlaces(other.BoolExpr.args?.[0]) === withoutPlaces(one);
}

function withoutPlaces(node: Node | undefined): string {
  return JSON.stringify(node, (key, value: unknown) => (key === "location" ? undefined : value));
}

/** "t.c" as its parts, "*" included; null if the node is no column. */
export function columnPath(node: Node | undefined): readonly string[] | null {
  if (node === undefined || !("ColumnRef" in node)) return null;
  return columnParts(node.ColumnRef);
}

function columnParts({ fields = [] }: ColumnRef): readonly string[] {
  return fields.map((field) => ("String" in field ? (field.String.sval ?? "") : "*"));
}

/** Whether the answer can differ from row to row: it names a column (or variable) or a cursor. `*` alone names none. */
function dependsOnRow(where: Node): boolean {
  for (const [key, value] of descendants(where)) {
    if (key === "CurrentOfExpr") return true;
    if (key === "ColumnRef" && [...descendants(value)].some(([part]) => part === "String")) return true;
  }
  return false;
}
