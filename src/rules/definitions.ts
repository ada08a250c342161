import type { CreateFunctionStmt, IndexStmt } from "@pgsql/types";
import type { QualifiedName, RunState } from "../model/rule.ts";
import { isNode } from "./remade.ts";

/** The CREATE INDEX of this name that an earlier statement of the run ran; undefined if none did. */
export function definedIndex(name: QualifiedName, state: RunState): IndexStmt | undefined {
  const node = state.definition("OBJECT_INDEX", name);
  return isNode<IndexStmt>(node) ? node : undefined;
}

/** The CREATE FUNCTION of this name, whatever its arguments, that an earlier statement of the run ran; undefined if none did. */
export function definedFunction(name: QualifiedName, state: RunState): CreateFunctionStmt | undefined {
  const node = state.definition("OBJECT_FUNCTION", name);
  return isNode<CreateFunctionStmt>(node) ? node : undefined;
}
