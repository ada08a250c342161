import type { CreateFunctionStmt, IndexStmt } from "@pgsql/types";
import type { QualifiedName, RunState } from "../model/rule.ts";
import { nodeOf } from "./nodes.ts";

/** The CREATE INDEX of this name that an earlier statement of the run ran; undefined if none did. */
export function definedIndex(name: QualifiedName, state: RunState): IndexStmt | undefined {
  return nodeOf("IndexStmt", state.history.definition("IndexStmt", name));
}

/** The CREATE FUNCTION of this name that an earlier statement of the run ran; undefined if none did. */
export function definedFunction(name: QualifiedName, state: RunState): CreateFunctionStmt | undefined {
  return nodeOf("CreateFunctionStmt", state.history.definition("CreateFunctionStmt", name));
}
