import type { QualifiedName } from "../model/rule.ts";
import { isRecord } from "./parse.ts";
import { nameParts } from "./tree.ts";

/** Content of a parse node. */
export type Fields = Readonly<Record<string, unknown>>;

/** Keys of a table and of a column in a Memory. */
export const tableKey = (name: QualifiedName): string => `${name.schema}\0${name.name}`;
export const columnKey = (table: QualifiedName, column: string): string => `${table.schema}\0${table.name}\0${column}`;

/** A RangeVar as a name; null when it is none. */
export function rangeName(value: unknown): QualifiedName | null {
  const range = isRecord(value) && isRecord(value["RangeVar"]) ? value["RangeVar"] : value;
  if (!isRecord(range) || typeof range["relname"] !== "string") return null;
  return { schema: typeof range["schemaname"] === "string" ? range["schemaname"] : "", name: range["relname"] };
}

/** A list, or nothing. */
export function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Content of a node with this tag, or null. */
export function fields(value: unknown, tag: string): Fields | null {
  const content: unknown = isRecord(value) ? value[tag] : undefined;
  return isRecord(content) ? content : null;
}

/** Type as the grammar names it: "varchar(20)", "int4", "numeric(10,2)", "text[]". */
function typeText(value: unknown): string | null {
  if (!isRecord(value)) return null;
  const names = nameParts(value["names"]);
  const modifiers = items(value["typmods"]).map((modifier) => {
    const number = fields(fields(modifier, "A_Const"), "ival");
    return number === null ? "?" : String(number["ival"] ?? 0);
  });
  const name = names[0] === "pg_catalog" ? names.slice(1).join(".") : names.join(".");
  const brackets = "[]".repeat(items(value["arrayBounds"]).length);
  return `${name}${modifiers.length > 0 ? `(${modifiers.join(",")})` : ""}${brackets}`;
}

/**
 * How sure it is that a statement did what it says: `certain` if an error would have ended the run, `stated` if it would
 * not, `perhaps` in a body or branch that may not run.
 */
export type Standing = "certain" | "stated" | "perhaps";

/** What a run is known to have made. */
export interface Memory {
  /** tables created here; true: they vanish at COMMIT */
  readonly tables: Map<string, boolean>;
  readonly columns: Set<string>;
  readonly types: Map<string, string>;
  /** names that may mean something else than the table made under them: views, elements of CREATE SCHEMA */
  readonly shadowed: Set<string>;
  /** a transaction block is open: ON COMMIT DROP keeps a table until it ends */
  open: boolean;
}

function addColumns(memory: Memory, table: QualifiedName, elements: readonly unknown[]): void {
  for (const element of elements) {
    const column = fields(element, "ColumnDef");
    const type = column === null ? null : typeText(column["typeName"]);
    if (column !== null && type !== null) memory.types.set(columnKey(table, String(column["colname"])), type);
  }
}

/** A foreign key lets rows of a table that was there before depend on the new one. */
function forgetReferenced(memory: Memory, constraint: Fields | null): void {
  const referenced = constraint === null ? null : rangeName(constraint["pktable"]);
  if (referenced !== null) memory.tables.delete(tableKey(referenced));
}

/** Dropped or renamed. */
export function forgetColumn(memory: Memory, table: QualifiedName, column: string): void {
  memory.columns.delete(columnKey(table, column));
  memory.types.delete(columnKey(table, column));
}

interface Action {
  readonly memory: Memory;
  readonly table: QualifiedName;
  readonly command: Fields;
  readonly isCertain: boolean;
}

function addColumn({ memory, table, command, isCertain }: Action): void {
  const definition = fields(command["def"], "ColumnDef");
  if (!isCertain || command["missing_ok"] === true || definition === null) return;
  memory.columns.add(columnKey(table, String(definition["colname"])));
  addColumns(memory, table, [command["def"]]);
}

/** `ADD COLUMN … REFERENCES t`: rows that were there before hang on t from now on. */
function addReferences({ memory, table, command }: Action): void {
  if (memory.tables.has(tableKey(table))) return;
  for (const constraint of items(fields(command["def"], "ColumnDef")?.["constraints"])) {
    forgetReferenced(memory, fields(constraint, "Constraint"));
  }
}

function changeType({ memory, table, command, isCertain }: Action): void {
  const key = columnKey(table, String(command["name"]));
  const type = typeText(fields(command["def"], "ColumnDef")?.["typeName"]);
  memory.types.delete(key);
  if (isCertain && type !== null) memory.types.set(key, type);
}

function inherit({ memory, command }: Action): void {
  const parent = rangeName(command["def"]);
  if (parent !== null) memory.tables.delete(tableKey(parent));
}

function addConstraint({ memory, table, command }: Action): void {
  if (!memory.tables.has(tableKey(table))) forgetReferenced(memory, fields(command["def"], "Constraint"));
}

const actions: Readonly<Record<string, (action: Action) => void>> = {
  AT_AddColumn: (action) => {
    addColumn(action);
    addReferences(action);
  },
  AT_DropColumn: ({ memory, table, command }) => forgetColumn(memory, table, String(command["name"])),
  AT_AlterColumnType: changeType,
  // the partition's rows are now the parent's, and they were there before
  AT_AttachPartition: ({ memory, table }) => void memory.tables.delete(tableKey(table)),
  AT_AddInherit: inherit,
  AT_AddConstraint: addConstraint,
};

/** One action of ALTER TABLE. */
export function alterTable(memory: Memory, table: QualifiedName, command: Fields, standing: Standing): void {
  actions[String(command["subtype"])]?.({ memory, table, command, isCertain: standing === "certain" });
}

/** Whether the name now surely means a new table: `range` is the table, `node` has IF NOT EXISTS and ON COMMIT. */
function isOurs(memory: Memory, range: Fields, node: Fields, isNew: boolean, standing: Standing): boolean {
  const vanishesAtOnce = endsWithTransaction(node) && !memory.open;
  // A temporary one that could not be made leaves the name to the table it was to hide.
  return !vanishesAtOnce && (isNew || (range["relpersistence"] === "t" && standing === "certain"));
}

function endsWithTransaction(node: Fields): boolean {
  return (node["onCommit"] ?? node["oncommit"]) === "ONCOMMIT_DROP";
}

/** CREATE TABLE, CREATE TABLE AS and SELECT INTO. */
export function createTable(memory: Memory, range: unknown, node: Fields, standing: Standing): void {
  const table = rangeName(range);
  if (table === null || !isRecord(range)) return;
  const isNew = node["if_not_exists"] !== true && standing === "certain";
  forgetTable(memory, table);
  if (memory.shadowed.has(tableKey(table)) || !isOurs(memory, range, node, isNew, standing)) return;
  memory.tables.set(tableKey(table), endsWithTransaction(node));
  if (isNew) addColumns(memory, table, items(node["tableElts"]));
}

/** Dropped, renamed or moved away: the name may now mean another table. */
export function forgetTable(memory: Memory, name: QualifiedName): void {
  memory.tables.delete(tableKey(name));
  const prefix = `${tableKey(name)}\0`;
  for (const key of memory.columns) if (key.startsWith(prefix)) memory.columns.delete(key);
  for (const key of memory.types.keys()) if (key.startsWith(prefix)) memory.types.delete(key);
}
