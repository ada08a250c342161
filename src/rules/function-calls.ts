import type { FuncCall, Node } from "@pgsql/types";
import type { QualifiedName, Statement } from "../model/rule.ts";
import { qualifiedName } from "./names.ts";
import { descendants, strings } from "./nodes.ts";

/** One call of a function, its name without the schema, wherever in the statement it stands. */
export interface Call {
  readonly name: string;
  readonly args: readonly Node[];
}

/** Several rules ask for the calls of the same statement: its tree is walked once. */
const known = new WeakMap<object, readonly Call[]>();

/** Calls of PostgreSQL's own functions: unqualified, or in pg_catalog. Those of inner statements are theirs. */
export function systemCalls(statement: Statement): readonly Call[] {
  const { node } = statement;
  if (typeof node !== "object" || node === null) return [];
  const calls = known.get(node) ?? readCalls(statement);
  known.set(node, calls);
  return calls;
}

function readCalls(statement: Statement): readonly Call[] {
  const calls: Call[] = [];
  for (const [key, value] of descendants(statement.node, isInnerStatement)) {
    if (!isCall(key, value)) continue;
    const path = strings(value.funcname);
    if (path.length === 1 || path[0] === "pg_catalog") calls.push({ name: path.at(-1) ?? "", args: value.args ?? [] });
  }
  return calls;
}

/** Names of all functions that an expression calls. */
export function calledFunctions(expression: Node | undefined): readonly QualifiedName[] {
  return [...descendants(expression)].flatMap(([key, value]) =>
    isCall(key, value) ? [qualifiedName(strings(value.funcname))] : [],
  );
}

/** Inner statements come by themselves; a SELECT inside another does not. A function's body runs when it is called. */
function isInnerStatement(key: string): boolean {
  return key === "sql_body" || (/^[A-Z]\w*Stmt$/.test(key) && key !== "SelectStmt");
}

/** The grammar's promise: what stands under this key is such a node. */
function isCall(key: string, value: unknown): value is FuncCall {
  return key === "FuncCall" && typeof value === "object" && value !== null;
}
