import type { QualifiedName, RunHistory, TableLock } from "../model/rule.ts";
import { isRecord } from "./parse.ts";
import { columnKey, type Fields, fields, items, rangeName, type Standing, tableKey } from "./run-memory.ts";
import { nameParts, type TreeStatement } from "./tree.ts";

/** RunHistory that is fed the statements of a run one by one, in order. */
export interface TrackedHistory extends RunHistory {
  startText(open: boolean): void;
  apply(statement: TreeStatement, standing: Standing): void;
  forget(): void;
}

interface Memory {
  readonly definitions: Map<string, unknown>;
  readonly checks: Set<string>;
  /** NOT VALID so far: constraint → column */
  readonly unproven: Map<string, string>;
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

/** The column of CHECK (c IS NOT NULL), null for any other constraint. */
function columnChecked(constraint: Fields | null): string | null {
  const test = fields(constraint?.["raw_expr"], "NullTest");
  if (constraint?.["contype"] !== "CONSTR_CHECK" || test?.["nulltesttype"] !== "IS_NOT_NULL") return null;
  return nameParts(fields(test["arg"], "ColumnRef")?.["fields"]).at(-1) ?? null;
}

interface Step {
  readonly memory: Memory;
  readonly node: Fields;
  readonly standing: Standing;
}

function alterTable({ memory, node, standing }: Step): void {
  const table = rangeName(node["relation"]);
  if (table === null) return;
  for (const item of items(node["cmds"])) {
    const command = fields(item, "AlterTableCmd") ?? {};
    const lock = lockOf(command);
    const isOpen = memory.transaction !== "none" && lock !== null;
    if (isOpen && memory.locks.get(tableKey(table)) !== "ACCESS EXCLUSIVE") memory.locks.set(tableKey(table), lock);
    if (standing === "certain") noteCheck(memory, table, command);
  }
}

/** A CHECK that was added NOT VALID proves nothing until it is validated. */
function noteCheck(memory: Memory, table: QualifiedName, { subtype, name, def }: Fields): void {
  const proven = memory.unproven.get(columnKey(table, String(name)));
  if (subtype === "AT_ValidateConstraint" && proven !== undefined) memory.checks.add(proven);
  const constraint = fields(def, "Constraint");
  const column = columnChecked(constraint);
  if (constraint === null || column === null) return;
  if (constraint["skip_validation"] !== true) memory.checks.add(columnKey(table, column));
  else memory.unproven.set(columnKey(table, String(constraint["conname"])), columnKey(table, column));
}

function addEnumValue({ memory, node }: Step): void {
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

function changeTransaction({ memory, node: { kind } }: Step): void {
  const begins = kind === "TRANS_STMT_BEGIN" || kind === "TRANS_STMT_START";
  if (begins && memory.transaction === "none") memory.transaction = "text";
  if (kind === "TRANS_STMT_COMMIT" || kind === "TRANS_STMT_PREPARE") endTransaction(memory);
  if (!String(kind).startsWith("TRANS_STMT_ROLLBACK")) return;
  forgetNames({ memory }); // what was rolled back to a savepoint may be gone as well
  if (kind === "TRANS_STMT_ROLLBACK") endTransaction(memory);
}

/** After a rename, a move or another search_path a name may mean another thing. */
function forgetNames({ memory }: Pick<Step, "memory">): void {
  memory.definitions.clear();
  memory.checks.clear();
  memory.unproven.clear();
}

function changeSetting({ memory, node: { name } }: Step): void {
  const keepsNames = name !== undefined && !["search_path", "role", "session_authorization"].includes(String(name));
  if (!keepsNames) forgetNames({ memory });
}

function define(tag: string, name: QualifiedName, { memory, node, standing }: Step): void {
  if (standing === "certain" && node["if_not_exists"] !== true) memory.definitions.set(keyOf(tag, name), node);
  else memory.definitions.delete(keyOf(tag, name));
}

const keyOf = (tag: string, name: QualifiedName) => `${tag}\0${tableKey(name)}`;

function createFunction(step: Step): void {
  const parts = nameParts(step.node["funcname"]);
  define("CreateFunctionStmt", { schema: parts.at(-2) ?? "", name: parts.at(-1) ?? "" }, step);
}

/** An index lives in its table's schema. */
function createIndex(step: Step): void {
  const name: unknown = step.node["idxname"];
  const schema = rangeName(step.node["relation"])?.schema ?? "";
  if (typeof name === "string") define("IndexStmt", { schema, name }, step);
}

const effects: Readonly<Record<string, (step: Step) => void>> = {
  AlterTableStmt: alterTable,
  AlterEnumStmt: addEnumValue,
  TransactionStmt: changeTransaction,
  CreateFunctionStmt: createFunction,
  IndexStmt: createIndex,
  RenameStmt: forgetNames,
  AlterObjectSchemaStmt: forgetNames,
  DropStmt: forgetNames,
  VariableSetStmt: changeSetting,
};

/** History of a run at its start: nothing is known. */
export function createRunHistory(): TrackedHistory {
  const memory: Memory = {
    definitions: new Map(),
    checks: new Set(),
    unproven: new Map(),
    locks: new Map(),
    values: new Map(),
    transaction: "none",
  };
  return {
    definition: (tag, name) => memory.definitions.get(keyOf(tag, name)),
    hasNotNullCheck: (table, column) => memory.checks.has(columnKey(table, column)),
    transaction: () => memory.transaction,
    lockHeld: (table) => memory.locks.get(tableKey(table)) ?? null,
    addedValues: memory.values,
    startText(open) {
      endTransaction(memory);
      if (open) memory.transaction = "tool";
    },
    apply({ tag, node }, standing) {
      if (isRecord(node)) effects[tag]?.({ memory, node, standing });
    },
    forget() {
      endTransaction(memory);
      forgetNames({ memory });
    },
  };
}
