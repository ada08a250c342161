import type { QualifiedName, RunHistory, TableLock } from "../model/rule.ts";
import { isRecord } from "./parse.ts";
import { type Fields, fields, items, rangeName, tableKey } from "./run-memory.ts";
import { nameParts, type TreeStatement } from "./tree.ts";

/** RunHistory that is fed the statements of a run one by one, in order. */
export interface TrackedHistory extends RunHistory {
  startText(open: boolean): void;
  apply(statement: TreeStatement): void;
  forget(): void;
}

interface Memory {
  readonly locks: Map<string, TableLock>;
  readonly values: Map<string, QualifiedName>;
  transaction: "none" | "tool" | "text";
}

/** ALTER TABLE actions that take ACCESS EXCLUSIVE, which stays until the transaction ends. */
const exclusive = new Set([
  "AT_AddColumn",
  "AT_DropColumn",
  "AT_AlterColumnType",
  "AT_ColumnDefault",
  "AT_SetNotNull",
  "AT_DropNotNull",
  "AT_AddConstraint",
  "AT_DropConstraint",
]);

function lockOf(command: Fields): TableLock | null {
  if (fields(command["def"], "Constraint")?.["contype"] === "CONSTR_FOREIGN") return "SHARE ROW EXCLUSIVE";
  return exclusive.has(String(command["subtype"])) ? "ACCESS EXCLUSIVE" : null;
}

function noteLocks(memory: Memory, node: Fields): void {
  const table = rangeName(node["relation"]);
  if (table === null || memory.transaction === "none") return;
  for (const item of items(node["cmds"])) {
    const lock = lockOf(fields(item, "AlterTableCmd") ?? {});
    if (lock !== null && memory.locks.get(tableKey(table)) !== "ACCESS EXCLUSIVE")
      memory.locks.set(tableKey(table), lock);
  }
}

function addEnumValue(memory: Memory, node: Fields): void {
  const value: unknown = node["newVal"];
  if (memory.transaction === "none" || typeof value !== "string" || node["oldVal"] !== undefined) return;
  const parts = nameParts(node["typeName"]);
  memory.values.set(value, { schema: parts.at(-2) ?? "", name: parts.at(-1) ?? "" });
}

function endTransaction(memory: Memory): void {
  memory.transaction = "none";
  memory.locks.clear();
  memory.values.clear();
}

function changeTransaction(memory: Memory, { kind, chain }: Fields): void {
  const begins = kind === "TRANS_STMT_BEGIN" || kind === "TRANS_STMT_START";
  if (begins && memory.transaction === "none") memory.transaction = "text";
  if (!/_(?:COMMIT|ROLLBACK|PREPARE)$/.test(String(kind))) return;
  endTransaction(memory);
  if (chain === true) memory.transaction = "text";
}

const effects: Readonly<Record<string, (memory: Memory, node: Fields) => void>> = {
  AlterTableStmt: noteLocks,
  AlterEnumStmt: addEnumValue,
  TransactionStmt: changeTransaction,
};

/** History of a run at its start: no transaction is open. */
export function createRunHistory(): TrackedHistory {
  const memory: Memory = { locks: new Map(), values: new Map(), transaction: "none" };
  return {
    transaction: () => memory.transaction,
    lockHeld: (table) => memory.locks.get(tableKey(table)) ?? null,
    addedValues: memory.values,
    startText(open) {
      endTransaction(memory);
      if (open) memory.transaction = "tool";
    },
    apply({ tag, node }) {
      if (isRecord(node)) effects[tag]?.(memory, node);
    },
    forget: () => endTransaction(memory),
  };
}
