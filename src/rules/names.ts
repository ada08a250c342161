import type { Node, RangeVar, RoleSpec } from "@pgsql/types";

import type { QualifiedName, RunState } from "../model/rule.ts";
import { strings } from "./nodes.ts";

/** The last part is the name, the one before it the schema; a database in front of both is always the current one. */
export function qualifiedName(parts: readonly string[]): QualifiedName {
  return { schema: parts.at(-2) ?? "", name: parts.at(-1) ?? "" };
}

/** The name of a table or view as written in FROM, ALTER TABLE and the like. */
export function relationName(relation: RangeVar | undefined): QualifiedName {
  return { schema: relation?.schemaname ?? "", name: relation?.relname ?? "" };
}

/** Name parts of one object in DROP, COMMENT and the like: `List`, `String`, `TypeName` or `ObjectWithArgs`, see the grammar. */
export function nameParts(node: Node): readonly string[] {
  if ("List" in node) return strings(node.List.items);
  if ("String" in node) return [node.String.sval ?? ""];
  if ("TypeName" in node) return strings(node.TypeName.names);
  if ("ObjectWithArgs" in node) return strings(node.ObjectWithArgs.objname);
  if ("RangeVar" in node) return [node.RangeVar.schemaname ?? "", node.RangeVar.relname ?? ""];
  return [];
}

/** "schema.name" as findings show it, with the name's own letters, no quotes. */
export function shown(name: QualifiedName, column = ""): string {
  return [name.schema, name.name, column].filter((part) => part !== "").join(".");
}

/** True if nothing of value can be in it yet: made earlier in this text, or in the session's own temporary schema. */
export function isNewHere(name: QualifiedName, state: RunState): boolean {
  return name.schema === "pg_temp" || state.createdHere(name);
}

/** True if no row can be lost with it: it is new, or this transaction holds it and has found it empty. */
export function holdsNothing(name: QualifiedName, state: RunState): boolean {
  return isNewHere(name, state) || state.isProvenEmpty(name);
}

/** Role names as written; the session's own role by its keyword. */
export function roleNames(roles: readonly Node[] | undefined): readonly string[] {
  return (roles ?? []).flatMap((node) => ("RoleSpec" in node ? [roleName(node.RoleSpec)] : []));
}

export function roleName(role: RoleSpec | undefined): string {
  switch (role?.roletype) {
    case "ROLESPEC_CURRENT_ROLE":
      return "CURRENT_ROLE";
    case "ROLESPEC_CURRENT_USER":
      return "CURRENT_USER";
    case "ROLESPEC_SESSION_USER":
      return "SESSION_USER";
    case "ROLESPEC_PUBLIC":
      return "PUBLIC";
    default:
      return role?.rolename ?? "";
  }
}
