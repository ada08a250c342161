import type { QualifiedName, RunState } from "../model/rule.ts";
import { isRecord } from "./parse.ts";
import {
  alterTable,
  columnKey,
  createTable,
  type Fields,
  fields,
  forgetColumn,
  forgetTable,
  items,
  type Memory,
  rangeName,
  type Standing,
  tableKey,
} from "./run-memory.ts";
import { nameParts, type TreeStatement } from "./tree.ts";

/** RunState that is fed the statements of a run one by one, in order. */
export interface TrackedState extends RunState {
  /** a new text starts, in which these columns become NOT NULL; `open` if its tool opened a transaction around it */
  startText(notNull: ReadonlyMap<string, number>, open: boolean): void;
  /** the rules look at the text's statement with this index next */
  moveTo(index: number): void;
  /** a statement ran, after the rules have seen it */
  apply(statement: TreeStatement, standing: Standing): void;
  /** nothing made before is known any more: another server, a rolled back transaction */
  forget(): void;
}

/** Columns a text makes NOT NULL, with the index of the last statement that does; empty where a ROLLBACK could undo it. */
export function notNullColumns(statements: readonly TreeStatement[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [index, { tag, node }] of statements.entries()) {
    if (tag === "TransactionStmt" && isRecord(node) && String(node["kind"]).startsWith("TRANS_STMT_ROLLBACK"))
      return new Map();
    const table = tag === "AlterTableStmt" && isRecord(node) ? rangeName(node["relation"]) : null;
    for (const item of table === null || !isRecord(node) ? [] : items(node["cmds"])) {
      const command = fields(item, "AlterTableCmd");
      if (table !== null && command?.["subtype"] === "AT_SetNotNull")
        found.set(columnKey(table, String(command["name"])), index);
    }
  }
  return found;
}

/** Renames and drops of tables and columns. */
function applyNames(memory: Memory, tag: string, node: Fields): void {
  const table = rangeName(node["relation"]);
  if (tag === "AlterObjectSchemaStmt") return forgetTable(memory, table);
  if (tag === "RenameStmt") {
    if (node["renameType"] !== "OBJECT_COLUMN") return forgetTable(memory, table);
    return table === null ? undefined : forgetColumn(memory, table, String(node["subname"]));
  }
  for (const object of tag === "DropStmt" ? items(node["objects"]) : []) {
    const parts = nameParts(object);
    forgetTable(memory, { schema: parts.at(-2) ?? "", name: parts.at(-1) ?? "" });
  }
}

/** A changed search_path or role makes an unqualified name mean another table. */
function applySetting(memory: Memory, name: unknown): void {
  if (name !== undefined && !["search_path", "role", "session_authorization"].includes(String(name))) return;
  for (const key of memory.tables.keys()) if (key.startsWith('["",')) memory.tables.delete(key);
  for (const key of memory.columns) if (key.startsWith('["",')) memory.columns.delete(key);
}

function applyTransaction(memory: Memory, kind: unknown, forget: () => void): void {
  if (String(kind).startsWith("TRANS_STMT_ROLLBACK")) return forget();
  if (kind === "TRANS_STMT_BEGIN" || kind === "TRANS_STMT_START") memory.open = true;
  if (kind !== "TRANS_STMT_COMMIT") return;
  memory.open = false;
  for (const [key, vanishes] of memory.tables) if (vanishes) memory.tables.delete(key);
}

function applyTo(memory: Memory, { tag, node }: TreeStatement, standing: Standing, forget: () => void): void {
  if (!isRecord(node)) return;
  const into = isRecord(node["intoClause"]) ? node["intoClause"] : node["into"];
  const table = rangeName(node["relation"]);
  switch (tag) {
    case "CreateStmt":
      return createTable(memory, node["relation"], node, standing);
    case "CreateTableAsStmt":
    case "SelectStmt":
      return isRecord(into) ? createTable(memory, into["rel"], { ...node, ...into }, standing) : undefined;
    case "AlterTableStmt":
      for (const item of items(node["cmds"])) {
        const command = fields(item, "AlterTableCmd");
        if (command !== null && table !== null) alterTable(memory, table, command, standing);
      }
      return;
    case "VariableSetStmt":
      return applySetting(memory, node["name"]);
    case "TransactionStmt":
      return applyTransaction(memory, node["kind"], forget);
    case "DiscardStmt":
      return forget();
    default:
      return applyNames(memory, tag, node);
  }
}

/** State of a run at its start: nothing is known. */
export function createRunState(): TrackedState {
  const memory: Memory = { tables: new Map(), columns: new Set(), types: new Map(), open: false };
  let becoming: ReadonlyMap<string, number> = new Map();
  let current = 0;
  function forget(): void {
    memory.tables.clear();
    memory.columns.clear();
    memory.types.clear();
  }
  function createdHere(name: QualifiedName): boolean {
    return memory.tables.has(tableKey(name));
  }
  function columnAddedInRun(table: QualifiedName, column: string): boolean {
    return createdHere(table) || memory.columns.has(columnKey(table, column));
  }
  return {
    createdHere,
    columnAddedInRun,
    becomesNotNull: (table, column) =>
      columnAddedInRun(table, column) || (becoming.get(columnKey(table, column)) ?? -1) > current,
    columnType: (table, column) => memory.types.get(columnKey(table, column)) ?? null,
    startText(notNull, open) {
      memory.tables.clear();
      memory.open = open;
      becoming = notNull;
      current = 0;
    },
    moveTo(index) {
      current = index;
    },
    apply: (statement, standing) => applyTo(memory, statement, standing, forget),
    forget,
  };
}
