import { isRecord } from "./parse.ts";
import { constantText } from "./refusals.ts";
import type { TreeContent } from "./tree.ts";

/** Settings that change what later texts of the run do: they are part of a unit's digest. */
const kept = new Set(["role", "session_authorization", "search_path", "session_replication_role", "row_security"]);

/** The settings of a session, as canonical lines "name = values". */
export interface Settings {
  apply(content: TreeContent): void;
  inForce(): readonly string[];
}

function valuesText(values: unknown): string {
  const list: readonly unknown[] = Array.isArray(values) ? values : [];
  return list.map((value) => JSON.stringify(constantText(value) ?? "?")).join(", ");
}

interface Change {
  readonly name: string;
  /** null: back to the default; name "" then means all */
  readonly value: string | null;
}

function changes(content: TreeContent): Change[] {
  const found: Change[] = [];
  const first = content.statements[0];
  if (first?.tag === "VariableSetStmt" && isRecord(first.node) && first.node["is_local"] !== true) {
    const { name, kind, args } = first.node;
    found.push({ name: String(name ?? "").toLowerCase(), value: kind === "VAR_SET_VALUE" ? valuesText(args) : null });
  }
  if (first?.tag === "DiscardStmt") found.push({ name: "", value: null });
  for (const call of content.calls) {
    if (call.name !== "set_config") continue;
    const name = constantText(call.arguments[0])?.toLowerCase() ?? "?";
    found.push({ name, value: valuesText(call.arguments.slice(1, 2)) });
  }
  return found;
}

function applyChange(values: Map<string, string>, { name, value }: Change): void {
  if (name === "") values.clear();
  else if (value === null) values.delete(name);
  else if (kept.has(name) || name === "?") values.set(name, value);
}

/** A session at its start: nothing is set. */
export function createSettings(): Settings {
  const values = new Map<string, string>();
  return {
    apply(content) {
      for (const change of changes(content)) applyChange(values, change);
    },
    inForce: () => [...values].map(([name, value]) => `${name} = ${value}`).sort(),
  };
}
