import type { ObjectType, RenameStmt } from "@pgsql/types";
import type { QualifiedName, RunState, Statement, SubjectHit } from "../model/rule.ts";
import { isNewHere, nameParts, qualifiedName, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";

/** A hit if the statement renames a thing of these kinds that was there before this text. */
export function renameHits(statement: Statement, state: RunState, ...kinds: readonly ObjectType[]): SubjectHit[] {
  if (!isTagged(statement, "RenameStmt")) return [];
  const { renameType, subname = "" } = statement.node;
  const name = renamed(statement.node);
  if (renameType === undefined || !kinds.includes(renameType)) return [];
  if (isNew(statement.node, name, state)) return [];
  if (renameType === "OBJECT_COLUMN" && state.columnAddedInRun(name, subname)) return [];
  const isPart = renameType === "OBJECT_COLUMN" || renameType === "OBJECT_ATTRIBUTE";
  return [{ subject: isPart ? shown(name, subname) : shown(name) }];
}

/** Other kinds may be called like a new table. ALTER TABLE renames views too. */
function isNew({ renameType, relation }: RenameStmt, name: QualifiedName, state: RunState): boolean {
  if (renameType === "OBJECT_COLUMN" || renameType === undefined) return isNewHere(name, state);
  const kinds = renameType === "OBJECT_TABLE" ? ["OBJECT_VIEW", "OBJECT_SEQUENCE"] : [renameType];
  return (relation !== undefined && isNewHere(name, state)) || kinds.some((kind) => state.madeHere(kind, name));
}

/** Relations stand in `relation`, functions in `object`, schemas, databases and roles in `subname`. */
function renamed({ relation, object, subname = "" }: RenameStmt): QualifiedName {
  if (relation !== undefined) return relationName(relation);
  return object === undefined ? { schema: "", name: subname } : qualifiedName(nameParts(object));
}
