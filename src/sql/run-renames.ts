import type { QualifiedName } from "../model/rule.ts";
import {
  columnKey,
  type Fields,
  fields,
  forgetColumn,
  forgetNamesIn,
  forgetTable,
  inTemporary,
  type Memory,
  rangeName,
  resolved,
  type Standing,
  tableKey,
} from "./run-memory.ts";
import { forgetObject, objectKeys } from "./run-objects.ts";
import { nameParts } from "./tree.ts";

/** ALTER TABLE renames and moves views, sequences and indexes too. */
const relationKinds = ["OBJECT_VIEW", "OBJECT_SEQUENCE", "OBJECT_INDEX", "OBJECT_FOREIGN_TABLE"] as const;

/** Parts of a table that have a name of their own. */
const partKinds = new Set(["OBJECT_TABCONSTRAINT", "OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE"]);

function nameOf(value: unknown): QualifiedName | null {
  const routine = fields(value, "ObjectWithArgs");
  const parts = nameParts(routine === null ? value : routine["objname"]);
  return parts.length === 0 ? rangeName(value) : { schema: parts.at(-2) ?? "", name: parts.at(-1) ?? "" };
}

/** What is known of a column, under its new name. */
function renameColumn(memory: Memory, written: QualifiedName, from: string, to: string, isSure: boolean): void {
  const table = resolved(memory, written);
  const [old, renamed] = [columnKey(table, from), columnKey(table, to)];
  const type = memory.types.get(old);
  const [isAdded, isNotNull] = [memory.columns.has(old), memory.notNull.has(old)];
  forgetColumn(memory, table, from);
  forgetColumn(memory, table, to);
  if (!isSure) return;
  if (type !== undefined) memory.types.set(renamed, type);
  if (isAdded) memory.columns.add(renamed);
  if (isNotNull) memory.notNull.add(renamed);
}

/** A table created in this text keeps being one under its new name. */
function moveTable(memory: Memory, written: QualifiedName, to: QualifiedName, isSure: boolean): void {
  const isTemporary = written.schema === "" && memory.tables.has(tableKey(inTemporary(written)));
  const from = isTemporary ? inTemporary(written) : resolved(memory, written);
  const target = isTemporary ? inTemporary(to) : { name: to.name, schema: to.schema === "" ? from.schema : to.schema };
  const [old, moved] = [`${tableKey(from)}\0`, `${tableKey(target)}\0`];
  const vanishes = memory.tables.get(tableKey(from));
  const columns = [...memory.columns].filter((key) => key.startsWith(old));
  const types = [...memory.types].filter(([key]) => key.startsWith(old));
  forgetTable(memory, written);
  forgetTable(memory, target);
  if (!isSure) return;
  memory.described.add(tableKey(target));
  if (vanishes !== undefined) memory.tables.set(tableKey(target), vanishes);
  for (const key of columns) memory.columns.add(key.replace(old, moved));
  for (const [key, type] of types) memory.types.set(key.replace(old, moved), type);
  moveReferences(memory, from, target);
}

function moveReferences(memory: Memory, from: QualifiedName, to: QualifiedName): void {
  const isMeant = (name: QualifiedName) => tableKey(name) === tableKey(from);
  for (const [parent, keys] of memory.references) {
    const moved = keys.map((key) => ({ ...key, child: isMeant(key.child) ? to : key.child }));
    memory.references.set(
      parent,
      moved.filter((key) => !isMeant(key.parent)),
    );
    const gone = moved.filter((key) => isMeant(key.parent)).map((key) => ({ ...key, parent: to }));
    if (gone.length > 0) memory.references.set(to.name, [...(memory.references.get(to.name) ?? []), ...gone]);
  }
}

interface Move {
  readonly kind: string;
  readonly from: QualifiedName;
  readonly to: QualifiedName;
  readonly parts: readonly [from: string, to: string];
  readonly isSure: boolean;
}

function moveObject(memory: Memory, { kind, from, to, parts: [part, newPart], isSure }: Move): void {
  const [old, moved] = [
    { kind, name: from, part },
    { kind, name: to, part: newPart },
  ];
  const isMade = objectKeys(memory, old).some((key) => memory.made.has(key));
  forgetObject(memory, old);
  forgetObject(memory, moved);
  const key = objectKeys(memory, moved).at(-1);
  if (isSure && isMade && key !== undefined) memory.made.add(key);
}

/** All names in a schema mean something else. */
function forgetSchema(memory: Memory, schema: string): void {
  forgetNamesIn(memory, (name) => name === schema);
  memory.schemas.delete(schema);
}

function renameRelation(memory: Memory, table: QualifiedName, newName: string, isSure: boolean): void {
  const to = { ...table, name: newName };
  moveTable(memory, table, to, isSure);
  for (const kind of relationKinds) moveObject(memory, { kind, from: table, to, parts: ["", ""], isSure });
}

function renameSchema(memory: Memory, from: string, to: string, isSure: boolean): void {
  for (const schema of [from, to]) forgetSchema(memory, schema);
  const plain = (schema: string) => ({ schema: "", name: schema });
  moveObject(memory, { kind: "OBJECT_SCHEMA", from: plain(from), to: plain(to), parts: ["", ""], isSure });
}

/** ALTER … RENAME. */
export function renameObject(memory: Memory, node: Fields, standing: Standing): void {
  const [kind, part, newName] = [String(node["renameType"]), String(node["subname"]), String(node["newname"])];
  const isSure = standing === "certain";
  const name = nameOf(node["relation"]) ?? nameOf(node["object"]);
  if (kind === "OBJECT_SCHEMA") renameSchema(memory, part, newName, isSure);
  else if (name === null) return;
  else if (kind === "OBJECT_COLUMN") renameColumn(memory, name, part, newName, isSure);
  else if (partKinds.has(kind)) moveObject(memory, { kind, from: name, to: name, parts: [part, newName], isSure });
  else if (node["relation"] === undefined)
    moveObject(memory, { kind, from: name, to: { ...name, name: newName }, parts: ["", ""], isSure });
  else renameRelation(memory, name, newName, isSure);
}

/** ALTER … SET SCHEMA. What was there before is in the new schema now. */
export function changeSchema(memory: Memory, node: Fields, standing: Standing): void {
  const schema = String(node["newschema"]);
  const isSure = standing === "certain";
  const relation = rangeName(node["relation"]);
  const wasMade = relation !== null && isMadeRelation(memory, relation);
  if (!wasMade) forgetObject(memory, { kind: "OBJECT_SCHEMA", name: { schema: "", name: schema }, part: "" });
  if (relation !== null) {
    const to = { schema, name: relation.name };
    moveTable(memory, relation, to, isSure);
    for (const kind of relationKinds) moveObject(memory, { kind, from: relation, to, parts: ["", ""], isSure });
    return;
  }
  const name = nameOf(node["object"]);
  const kind = String(node["objectType"]);
  if (name === null) return;
  moveObject(memory, { kind, from: name, to: { schema, name: name.name }, parts: ["", ""], isSure });
}

function isMadeRelation(memory: Memory, name: QualifiedName): boolean {
  if (memory.tables.has(tableKey(resolved(memory, name)))) return true;
  const keys = relationKinds.flatMap((kind) => objectKeys(memory, { kind, name, part: "" }));
  return keys.some((key) => memory.made.has(key));
}
