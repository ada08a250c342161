import type { QualifiedName } from "../model/rule.ts";
import { isRecord } from "./parse.ts";
import { nameParts } from "./tree.ts";

/** Content of a parse node. */
export type Fields = Readonly<Record<string, unknown>>;

/** Keys of a table and of a column in a Memory. */
export const tableKey = (name: QualifiedName): string => JSON.stringify([name.schema, name.name]);
export const columnKey = (table: QualifiedName, column: string): string =>
  JSON.stringify([table.schema, table.name, column]);

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
export function typeText(value: unknown): string | null {
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
  /** a transaction block is open: ON COMMIT DROP keeps a table until it ends */
  open: boolean;
}

function addColumns(memory: Memory, table: QualifiedName, elements: readonly unknown[]): void {
  for (const element of elements) {
    const column = fields(element, "ColumnDef");
    const type = typeText(column?.["typeName"]);
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

/** One action of ALTER TABLE. */
export function alterTable(memory: Memory, table: QualifiedName, command: Fields, standing: Standing): void {
  const certain = standing === "certain";
  const column = String(command["name"] ?? "");
  const definition = fields(command["def"], "ColumnDef");
  switch (command["subtype"]) {
    case "AT_AddColumn":
      if (!certain || command["missing_ok"] === true || definition === null) return;
      memory.columns.add(columnKey(table, String(definition["colname"])));
      return addColumns(memory, table, [command["def"]]);
    case "AT_DropColumn":
      return forgetColumn(memory, table, column);
    case "AT_AlterColumnType": {
      const type = typeText(definition?.["typeName"]);
      if (certain && type !== null) memory.types.set(columnKey(table, column), type);
      else memory.types.delete(columnKey(table, column));
      return;
    }
    case "AT_AttachPartition":
      // the partition's rows are now the parent's, and they were there before
      memory.tables.delete(tableKey(table));
      return;
    case "AT_AddInherit": {
      const parent = rangeName(command["def"]);
      if (parent !== null) memory.tables.delete(tableKey(parent));
      return;
    }
    case "AT_AddConstraint":
      return memory.tables.has(tableKey(table))
        ? undefined
        : forgetReferenced(memory, fields(command["def"], "Constraint"));
    default:
  }
}

/** CREATE TABLE, CREATE TABLE AS and SELECT INTO: `range` is the new table, `node` has IF NOT EXISTS and ON COMMIT. */
export function createTable(memory: Memory, range: unknown, node: Fields, standing: Standing): void {
  const table = rangeName(range);
  if (table === null || !isRecord(range)) return;
  const isNew = node["if_not_exists"] !== true && standing === "certain";
  const isTemporary = range["relpersistence"] === "t" && standing !== "perhaps";
  forgetTable(memory, table);
  const vanishes = (node["onCommit"] ?? node["oncommit"]) === "ONCOMMIT_DROP";
  if ((!isNew && !isTemporary) || (vanishes && !memory.open)) return;
  memory.tables.set(tableKey(table), vanishes);
  if (isNew) addColumns(memory, table, items(node["tableElts"]));
  const foreignKeys = items(node["tableElts"]).map((element) => fields(element, "Constraint"));
  for (const key of foreignKeys) if (!isNew) forgetReferenced(memory, key);
}

/** Dropped, renamed or moved away: the name may now mean another table. */
export function forgetTable(memory: Memory, name: QualifiedName | null): void {
  if (name === null) return;
  memory.tables.delete(tableKey(name));
  const prefix = `${tableKey(name).slice(0, -1)},`;
  for (const key of memory.columns) if (key.startsWith(prefix)) memory.columns.delete(key);
  for (const key of memory.types.keys()) if (key.startsWith(prefix)) memory.types.delete(key);
}
