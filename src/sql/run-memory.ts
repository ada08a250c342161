import type { ForeignKey, QualifiedName } from "../model/rule.ts";
import { isRecord } from "./parse.ts";

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

/**
 * How sure it is that a statement did what it says: `certain` if an error would have ended the run, `stated` if it would
 * not, `perhaps` in a body or branch that may not run.
 */
export type Standing = "certain" | "stated" | "perhaps";

/** What made an object that is not a table, and the table and columns it stands on, if any. */
interface Definition {
  readonly node: Fields;
  readonly table: string;
  readonly columns: readonly string[];
  readonly shown: string;
}

/** What a run is known to have made. */
export interface Memory {
  /** tables created in this text; true: they vanish at COMMIT */
  readonly tables: Map<string, boolean>;
  readonly columns: Set<string>;
  readonly types: Map<string, string>;
  /** columns that hold no null for sure */
  readonly notNull: Set<string>;
  /** tables of which some column may be known */
  readonly described: Set<string>;
  /** names that may mean something else than the table made under them: views, elements of CREATE SCHEMA */
  readonly shadowed: Set<string>;
  /** objects of other kinds created in this text */
  readonly made: Set<string>;
  /** their present definitions, of the whole run */
  readonly definitions: Map<string, Definition>;
  /** keys of definitions by their table */
  readonly attached: Map<string, Set<string>>;
  /** foreign keys by the name of the table they refer to; those that may be there count too */
  readonly references: Map<string, readonly ForeignKey[]>;
  /** tables that nobody else can write to until the transaction ends; true: they were seen to be empty since */
  readonly locked: Map<string, boolean>;
  /** tables of which a policy may hide rows */
  readonly secured: Set<string>;
  /** schemas that are there for sure */
  readonly schemas: Set<string>;
  /** search_path where it is known, else null */
  path: readonly string[] | null;
  /** it was set for the transaction only */
  isPathLocal: boolean;
  /** a transaction block is open: ON COMMIT DROP keeps a table until it ends */
  open: boolean;
}

/** Nothing is known. */
export function emptyMemory(): Memory {
  return {
    tables: new Map(),
    columns: new Set(),
    types: new Map(),
    notNull: new Set(),
    described: new Set(),
    shadowed: new Set(),
    made: new Set(),
    definitions: new Map(),
    attached: new Map(),
    references: new Map(),
    locked: new Map(),
    secured: new Set(),
    schemas: new Set(),
    path: null,
    isPathLocal: false,
    open: false,
  };
}

/** The same knowledge, to go its own way. */
export function copyMemory(memory: Memory): Memory {
  return {
    tables: new Map(memory.tables),
    columns: new Set(memory.columns),
    types: new Map(memory.types),
    notNull: new Set(memory.notNull),
    described: new Set(memory.described),
    shadowed: new Set(memory.shadowed),
    made: new Set(memory.made),
    definitions: new Map(memory.definitions),
    attached: new Map([...memory.attached].map(([table, keys]) => [table, new Set(keys)])),
    references: new Map(memory.references),
    locked: new Map(memory.locked),
    secured: new Set(memory.secured),
    schemas: new Set(memory.schemas),
    path: memory.path,
    isPathLocal: memory.isPathLocal,
    open: memory.open,
  };
}

const temporary = "pg_temp";

/** A name under the search_path, where that is known: its first schema comes first for whatever stands there. */
export function resolved(memory: Memory, name: QualifiedName): QualifiedName {
  return name.schema === "" ? { ...name, schema: memory.path?.[0] ?? "" } : name;
}

/** The same name in the session's own schema, which comes before the search_path. */
export function inTemporary(name: QualifiedName): QualifiedName {
  return { ...name, schema: temporary };
}

/** Where a relation that is created under this name stands; null if that depends on which schemas there are. */
export function placeOf(memory: Memory, range: Fields): QualifiedName | null {
  const name = rangeName(range);
  if (name === null) return null;
  if (range["relpersistence"] === "t") return inTemporary(name);
  const { path } = memory;
  if (name.schema !== "" || path === null || path.length === 1) return resolved(memory, name);
  return memory.schemas.has(path[0] ?? "") ? resolved(memory, name) : null;
}

/** What an unqualified name may mean: the temporary one, then what the search_path finds first. */
export function meaningsOf(memory: Memory, name: QualifiedName): readonly QualifiedName[] {
  const plain = resolved(memory, name);
  return name.schema === "" ? [inTemporary(name), plain] : [plain];
}

/** Whether a relation of this name is one of those created in this text. */
export function isMade(memory: Memory, name: QualifiedName): boolean {
  if (name.schema === "" && memory.shadowed.has(tableKey(inTemporary(name)))) return false;
  return meaningsOf(memory, name).some((meaning) => memory.tables.has(tableKey(meaning)));
}

/** Whatever is known under the names of these schemas ("" for none written) is known no more. */
export function forgetNamesIn(memory: Memory, isMeant: (schema: string) => boolean): void {
  const { tables, columns, types, notNull, made, definitions, locked } = memory;
  for (const keys of [tables, columns, types, notNull, made, definitions, locked]) {
    for (const key of keys.keys()) if (isMeant(schemaOf(key))) keys.delete(key);
  }
}

/** Keys of objects begin with their kind. */
function schemaOf(key: string): string {
  const [first = "", second = ""] = key.split("\0", 2);
  return first.startsWith("OBJECT_") ? second : first;
}

/** Dropped or renamed. */
export function forgetColumn(memory: Memory, table: QualifiedName, column: string): void {
  const key = columnKey(resolved(memory, table), column);
  memory.columns.delete(key);
  memory.types.delete(key);
  memory.notNull.delete(key);
  for (const object of memory.attached.get(tableKey(resolved(memory, table))) ?? []) {
    if (memory.definitions.get(object)?.columns.includes(column)) memory.definitions.delete(object);
  }
}

/** Dropped, renamed or moved away: the name may now mean another table. */
export function forgetTable(memory: Memory, name: QualifiedName): void {
  for (const meaning of meaningsOf(memory, name)) forgetExactly(memory, tableKey(meaning));
}

function forgetColumns(memory: Memory, prefix: string): void {
  for (const keys of [memory.columns, memory.types, memory.notNull]) {
    for (const key of keys.keys()) if (key.startsWith(prefix)) keys.delete(key);
  }
}

function forgetExactly(memory: Memory, table: string): void {
  memory.tables.delete(table);
  memory.locked.delete(table);
  if (memory.described.delete(table)) forgetColumns(memory, `${table}\0`);
  for (const object of memory.attached.get(table) ?? []) {
    memory.definitions.delete(object);
    memory.made.delete(object);
  }
  memory.attached.delete(table);
}
