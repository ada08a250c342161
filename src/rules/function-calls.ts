import type { FuncCall, Node } from "@pgsql/types";
import type { Statement } from "../model/rule.ts";
import { descendants, strings } from "./nodes.ts";

/** One call of a function, its name without the schema, wherever in the statement it stands. */
export interface Call {
  readonly name: string;
  readonly args: readonly Node[];
}

/** Calls of PostgreSQL's own functions: unqualified, or in pg_catalog. */
export function systemCalls(statement: Statement): readonly Call[] {
  const calls: Call[] = [];
  for (const [key, value] of descendants(statement.node)) {
    if (!isCall(key, value)) continue;
    const path = strings(value.funcname);
    if (path.length === 1 || path[0] === "pg_catalog") calls.push({ name: path.at(-1) ?? "", args: value.args ?? [] });
  }
  return calls;
}

/** The grammar's promise: what stands under this key is such a node. */
function isCall(key: string, value: unknown): value is FuncCall {
  return key === "FuncCall" && typeof value === "object" && value !== null;
}
