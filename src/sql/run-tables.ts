import type { QualifiedName } from "../model/rule.ts";
import { isRecord } from "./parse.ts";
import { forgetForeignKeys, noteConstraint } from "./run-constraints.ts";
import {
  columnKey,
  type Fields,
  fields,
  forgetColumn,
  forgetTable,
  items,
  type Memory,
  placeOf,
  rangeName,
  resolved,
  type Standing,
  tableKey,
} from "./run-memory.ts";
import { forgetObject } from "./run-objects.ts";
import { nameParts } from "./tree.ts";
import { typeText } from "./type-text.ts";

interface Action {
  readonly memory: Memory;
  readonly table: QualifiedName;
  readonly command: Fields;
  readonly standing: Standing;
}

/** Type and NOT NULL of a column that is surely new; its constraints. */
function noteColumn(memory: Memory, table: QualifiedName, definition: Fields, standing: Standing): void {
  const key = columnKey(table, String(definition["colname"]));
  const type = typeText(definition["typeName"]);
  if (standing === "certain" && type !== null) memory.types.set(key, type);
  for (const item of items(definition["constraints"])) {
    const constraint = fields(item, "Constraint");
    if (constraint !== null) noteConstraint(memory, { table, constraint, column: definition["colname"], standing });
  }
}

/** A foreign key lets rows of a table that was there before depend on the new one. */
function forgetReferenced(memory: Memory, constraint: Fields | null): void {
  const referenced = constraint === null ? null : rangeName(constraint["pktable"]);
  if (referenced !== null) memory.tables.delete(tableKey(resolved(memory, referenced)));
}

function addColumn({ memory, table, command, standing }: Action): void {
  const definition = fields(command["def"], "ColumnDef");
  if (definition === null) return;
  const isNew = command["missing_ok"] !== true && standing === "certain";
  if (isNew) memory.columns.add(columnKey(table, String(definition["colname"])));
  noteColumn(memory, table, definition, isNew ? "certain" : "perhaps");
  if (memory.tables.has(tableKey(table))) return;
  for (const constraint of items(definition["constraints"])) {
    forgetReferenced(memory, fields(constraint, "Constraint"));
  }
}

function changeType({ memory, table, command, standing }: Action): void {
  const key = columnKey(table, String(command["name"]));
  const name = fields(command["def"], "ColumnDef")?.["typeName"];
  const type = typeText(name);
  memory.types.delete(key);
  if (standing === "certain" && type !== null) memory.types.set(key, type);
  // a column that was there before hangs on the type from now on
  if (isRecord(name)) forgetMadeType(memory, name["names"]);
}

/** Whatever schema it is named with. */
function forgetMadeType(memory: Memory, names: unknown): void {
  const name = nameParts(names).at(-1);
  for (const key of memory.made) {
    const [kind, , made] = key.split("\0");
    if (kind === "OBJECT_TYPE" && made === name) memory.made.delete(key);
  }
}

function inherit({ memory, command }: Action): void {
  const parent = rangeName(command["def"]);
  if (parent !== null) memory.tables.delete(tableKey(resolved(memory, parent)));
}

function addConstraint({ memory, table, command, standing }: Action): void {
  const constraint = fields(command["def"], "Constraint");
  if (!memory.tables.has(tableKey(table))) forgetReferenced(memory, constraint);
  if (constraint !== null) noteConstraint(memory, { table, constraint, column: undefined, standing });
}

function dropConstraint({ memory, table, command, standing }: Action): void {
  const part = String(command["name"]);
  forgetObject(memory, { kind: "OBJECT_TABCONSTRAINT", name: table, part });
  if (standing !== "certain") return;
  forgetForeignKeys(memory, ({ child, name }) => tableKey(child) === tableKey(table) && name === part);
}

function dropColumn({ memory, table, command, standing }: Action): void {
  const column = String(command["name"]);
  forgetColumn(memory, table, column);
  if (standing !== "certain") return;
  forgetForeignKeys(memory, ({ child, columns }) => tableKey(child) === tableKey(table) && columns.includes(column));
}

function validate({ memory, table, command, standing }: Action): void {
  const part = String(command["name"]);
  const key = `OBJECT_TABCONSTRAINT\0${tableKey(table)}\0${part}`;
  const known = memory.definitions.get(key);
  if (known === undefined || standing !== "certain") return;
  memory.definitions.set(key, { ...known, node: { ...known.node, skip_validation: false } });
}

function setNotNull({ memory, table, command, standing }: Action): void {
  if (standing === "certain") memory.notNull.add(columnKey(table, String(command["name"])));
}

const actions: Readonly<Record<string, (action: Action) => void>> = {
  AT_AddColumn: addColumn,
  AT_DropColumn: dropColumn,
  AT_AlterColumnType: changeType,
  // the partition's rows are now the parent's, and they were there before
  AT_AttachPartition: ({ memory, table }) => void memory.tables.delete(tableKey(table)),
  AT_AddInherit: inherit,
  AT_AddOf: ({ memory, command }) => forgetMadeType(memory, fields(command["def"], "TypeName")?.["names"]),
  AT_AddConstraint: addConstraint,
  AT_DropConstraint: dropConstraint,
  AT_ValidateConstraint: validate,
  AT_EnableRowSecurity: ({ memory, table }) => void memory.secured.add(tableKey(table)),
  AT_ForceRowSecurity: ({ memory, table }) => void memory.secured.add(tableKey(table)),
  AT_SetNotNull: setNotNull,
  AT_DropNotNull: ({ memory, table, command }) => void memory.notNull.delete(columnKey(table, String(command["name"]))),
};

/** One action of ALTER TABLE. */
export function alterTable(memory: Memory, written: QualifiedName, command: Fields, standing: Standing): void {
  const table = resolved(memory, written);
  memory.described.add(tableKey(table));
  actions[String(command["subtype"])]?.({ memory, table, command, standing });
}

function endsWithTransaction(node: Fields): boolean {
  return (node["onCommit"] ?? node["oncommit"]) === "ONCOMMIT_DROP";
}

/** Whether the name now surely means a new table: `range` is the table, `node` has IF NOT EXISTS and ON COMMIT. */
function isOurs(memory: Memory, range: Fields, node: Fields, isNew: boolean, standing: Standing): boolean {
  const vanishesAtOnce = endsWithTransaction(node) && !memory.open;
  // A temporary one that could not be made leaves the name to the table it was to hide.
  return !vanishesAtOnce && (isNew || (range["relpersistence"] === "t" && standing === "certain"));
}

/** CREATE TABLE, CREATE TABLE AS and SELECT INTO. */
export function createTable(memory: Memory, range: unknown, node: Fields, standing: Standing): void {
  const written = rangeName(range);
  if (written === null || !isRecord(range)) return;
  const isNew = node["if_not_exists"] !== true && standing === "certain";
  const table = placeOf(memory, range);
  forgetTable(memory, written);
  if (table === null || memory.shadowed.has(tableKey(table))) return;
  if (isOurs(memory, range, node, isNew, standing)) memory.tables.set(tableKey(table), endsWithTransaction(node));
  memory.described.add(tableKey(table));
  for (const element of items(node["tableElts"])) noteElement(memory, table, element, isNew ? "certain" : "perhaps");
}

function noteElement(memory: Memory, table: QualifiedName, element: unknown, standing: Standing): void {
  const [column, constraint] = [fields(element, "ColumnDef"), fields(element, "Constraint")];
  if (column !== null) noteColumn(memory, table, column, standing);
  if (constraint !== null) noteConstraint(memory, { table, constraint, column: undefined, standing });
}
