import type { A_Const, Node } from "@pgsql/types";

export type Literal = string | number | boolean | null;

/** The value of a bare literal; undefined if there is a cast or anything else, for those change values ('01'::int = 1). */
export function literal(node: Node | undefined): Literal | undefined {
  return node !== undefined && "A_Const" in node ? ofConstant(node.A_Const) : undefined;
}

/** Fields that are zero, false or empty are absent in the tree. */

function ofConstant({ isnull, boolval, ival, fval, sval }: A_Const): Literal | undefined {
  if (isnull === true) return null;
  if (boolval !== undefined) return boolval.boolval ?? false;
  if (ival !== undefined) return ival.ival ?? 0;
  if (fval !== undefined) return exactNumber(fval.fval ?? "");
  return sval === undefined ? undefined : (sval.sval ?? "");
}

/** Numbers that JavaScript would round are not known: two of them may differ in what is lost. */
function exactNumber(text: string): number | undefined {
  const value = Number(text);
  return String(value) === text ? value : undefined;
}

/** The answer of a comparison of two literals of one kind; null if it is none, or if its answer needs a collation. */
export function constantComparison(left: Node | undefined, operator: string, right: Node | undefined): boolean | null {
  const [a, b] = [literal(left), literal(right)];
  if (a === undefined || b === undefined) return null;
  if (a === null || b === null) return false;
  if (typeof a !== typeof b) return null;
  if (operator === "=") return a === b;
  if (operator === "<>") return a !== b;
  return typeof a === "number" && typeof b === "number" ? ordered(a, operator, b) : null;
}

function ordered(a: number, operator: string, b: number): boolean | null {
  if (operator === "<") return a < b;
  if (operator === "<=") return a <= b;
  if (operator === ">") return a > b;
  return operator === ">=" ? a >= b : null;
}
