import type { QualifiedName, RunState } from "../model/rule.ts";
import { isRecord } from "./parse.ts";
import { createRunHistory } from "./run-history.ts";
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

function notNullIn({ tag, node }: TreeStatement): readonly string[] {
  const table = tag === "AlterTableStmt" && isRecord(node) ? rangeName(node["relation"]) : null;
  if (table === null || !isRecord(node)) return [];
  const commands = items(node["cmds"]).map((item) => fields(item, "AlterTableCmd"));
  const setting = commands.filter((command) => command?.["subtype"] === "AT_SetNotNull");
  return setting.map((command) => columnKey(table, String(command?.["name"])));
}

function isRollback({ tag, node }: TreeStatement): boolean {
  return tag === "TransactionStmt" && isRecord(node) && String(node["kind"]).startsWith("TRANS_STMT_ROLLBACK");
}

/** Columns a text makes NOT NULL, with the index of the last statement that does; none where a ROLLBACK could undo it. */
export function notNullColumns(statements: readonly TreeStatement[]): ReadonlyMap<string, number> {
  if (statements.some(isRollback)) return new Map();
  return new Map(
    statements.flatMap((statement, index) => notNullIn(statement).map((column) => [column, index] as const)),
  );
}

interface Step {
  readonly memory: Memory;
  readonly node: Fields;
  readonly standing: Standing;
}

function renameObject({ memory, node }: Step): void {
  const table = rangeName(node["relation"]);
  if (table === null) return;
  if (node["renameType"] === "OBJECT_COLUMN") forgetColumn(memory, table, String(node["subname"]));
  else forgetTable(memory, table);
}

function moveObject({ memory, node }: Step): void {
  const table = rangeName(node["relation"]);
  if (table !== null) forgetTable(memory, table);
}

function dropObjects({ memory, node }: Step): void {
  for (const object of items(node["objects"])) {
    const parts = nameParts(object);
    forgetTable(memory, { schema: parts.at(-2) ?? "", name: parts.at(-1) ?? "" });
  }
}

/** A changed search_path or role makes an unqualified name mean another table. */
function changeSetting({ memory, node: { name } }: Step): void {
  if (name !== undefined && !["search_path", "role", "session_authorization"].includes(String(name))) return;
  for (const key of memory.tables.keys()) if (key.startsWith("\0")) memory.tables.delete(key);
  for (const key of memory.columns) if (key.startsWith("\0")) memory.columns.delete(key);
}

function forgetAll(memory: Memory): void {
  memory.tables.clear();
  memory.columns.clear();
  memory.types.clear();
}

function changeTransaction({ memory, node: { kind } }: Step): void {
  if (String(kind).startsWith("TRANS_STMT_ROLLBACK")) forgetAll(memory);
  if (kind === "TRANS_STMT_BEGIN" || kind === "TRANS_STMT_START") memory.open = true;
  if (kind !== "TRANS_STMT_COMMIT") return;
  memory.open = false;
  for (const [key, vanishes] of memory.tables) if (vanishes) memory.tables.delete(key);
}

function createFromQuery({ memory, node, standing }: Step): void {
  const into = isRecord(node["intoClause"]) ? node["intoClause"] : node["into"];
  if (isRecord(into)) createTable(memory, into["rel"], { ...node, ...into }, standing);
}

function alter({ memory, node, standing }: Step): void {
  const table = rangeName(node["relation"]);
  for (const item of items(node["cmds"])) {
    const command = fields(item, "AlterTableCmd");
    if (command !== null && table !== null) alterTable(memory, table, command, standing);
  }
}

/** The name does not surely mean a table that is made under it, before or after. */
function shadow(memory: Memory, name: QualifiedName | null): void {
  if (name === null) return;
  forgetTable(memory, name);
  memory.shadowed.add(tableKey(name));
}

/** Tables made inside CREATE SCHEMA are the schema's, and name none. */
function createSchema({ memory, node }: Step): void {
  for (const element of items(node["schemaElts"])) {
    shadow(memory, rangeName(fields(element, "CreateStmt")?.["relation"]));
  }
}

const effects: Readonly<Record<string, (step: Step) => void>> = {
  CreateSchemaStmt: createSchema,
  // a temporary view stands before a table of its name
  ViewStmt: ({ memory, node }) => shadow(memory, rangeName(node["view"])),
  CreateStmt: ({ memory, node, standing }) => createTable(memory, node["relation"], node, standing),
  CreateTableAsStmt: createFromQuery,
  SelectStmt: createFromQuery,
  AlterTableStmt: alter,
  RenameStmt: renameObject,
  AlterObjectSchemaStmt: moveObject,
  DropStmt: dropObjects,
  VariableSetStmt: changeSetting,
  TransactionStmt: changeTransaction,
  DiscardStmt: ({ memory }) => forgetAll(memory),
};

/** State of a run at its start: nothing is known. */
export function createRunState(): TrackedState {
  const memory: Memory = { tables: new Map(), columns: new Set(), types: new Map(), shadowed: new Set(), open: false };
  const history = createRunHistory();
  let becoming: ReadonlyMap<string, number> = new Map();
  let current = 0;
  function createdHere(name: QualifiedName): boolean {
    return memory.tables.has(tableKey(name));
  }
  function columnAddedInRun(table: QualifiedName, column: string): boolean {
    return createdHere(table) || memory.columns.has(columnKey(table, column));
  }
  return {
    history,
    createdHere,
    columnAddedInRun,
    becomesNotNull: (table, column) =>
      columnAddedInRun(table, column) || (becoming.get(columnKey(table, column)) ?? -1) > current,
    columnType: (table, column) => memory.types.get(columnKey(table, column)) ?? null,
    startText(notNull, open) {
      memory.tables.clear();
      memory.open = open;
      history.startText(open);
      becoming = notNull;
      current = 0;
    },
    moveTo(index) {
      current = index;
    },
    apply({ tag, node }, standing) {
      history.apply({ tag, node }, standing);
      if (isRecord(node)) effects[tag]?.({ memory, node, standing });
    },
    forget() {
      history.forget();
      forgetAll(memory);
    },
  };
}
