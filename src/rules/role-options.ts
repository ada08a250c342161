import type { Node } from "@pgsql/types";
import type { Statement } from "../model/rule.ts";
import { roleName } from "./names.ts";
import { isTagged } from "./nodes.ts";

/** A role that a statement creates or alters, and what it switches on or off: `superuser`, `canlogin`, `bypassrls`, … */
export interface RoleChange {
  readonly role: string;
  readonly isNew: boolean;
  /** true: switched on, false: switched off */
  readonly switches: ReadonlyMap<string, boolean>;
}

/** The statement as CREATE or ALTER ROLE (USER, GROUP); null if it is anything else. */
export function roleChangeOf(statement: Statement): RoleChange | null {
  if (isTagged(statement, "CreateRoleStmt")) {
    const { role = "", options } = statement.node;
    return { role, isNew: true, switches: switchesOf(options) };
  }
  if (!isTagged(statement, "AlterRoleStmt")) return null;
  return { role: roleName(statement.node.role), isNew: false, switches: switchesOf(statement.node.options) };
}

function switchesOf(options: readonly Node[] | undefined): ReadonlyMap<string, boolean> {
  const switches = new Map<string, boolean>();
  for (const option of options ?? []) {
    if (!("DefElem" in option)) continue;
    const { defname = "", arg } = option.DefElem;
    if (arg !== undefined && "Boolean" in arg) switches.set(defname, arg.Boolean.boolval ?? false);
  }
  return switches;
}
