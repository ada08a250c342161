import type { VariableSetStmt } from "@pgsql/types";
import type { Statement } from "../model/rule.ts";
import { literal } from "./constants.ts";
import { systemCalls } from "./function-calls.ts";
import { isTagged } from "./nodes.ts";

/** A run-time setting put to a value; null: reset, or a value not known here. */
export interface SettingChange {
  readonly name: string;
  readonly value: string | null;
  readonly isReset: boolean;
}

/** Settings that the statement changes for the session, a role or a database: SET, ALTER ROLE … SET, set_config(). */
export function settingsOf(statement: Statement): readonly SettingChange[] {
  if (isTagged(statement, "VariableSetStmt")) return [ofSet(statement.node)];
  if (isTagged(statement, "AlterRoleSetStmt") || isTagged(statement, "AlterDatabaseSetStmt")) {
    return [ofSet(statement.node.setstmt ?? {})];
  }
  return systemCalls(statement)
    .filter((call) => call.name === "set_config")
    .map(({ args: [name, value] }) => ({
      name: text(literal(name)) ?? "",
      value: text(literal(value)),
      isReset: false,
    }));
}

/** SET … of one statement. */
export function ofSet({ kind, name = "", args = [] }: VariableSetStmt): SettingChange {
  const value = text(literal(args[0]));
  return { name: name.toLowerCase(), value, isReset: kind !== "VAR_SET_VALUE" };
}

function text(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" ? String(value).toLowerCase() : null;
}
