import { noteLock } from "./empty-tables.ts";
import { madeBy } from "./object-definitions.ts";
import { isRecord } from "./parse.ts";
import { forgetForeignKeys } from "./run-constraints.ts";
import {
  type Fields,
  fields,
  forgetTable,
  inTemporary,
  items,
  type Memory,
  rangeName,
  resolved,
  type Standing,
  tableKey,
} from "./run-memory.ts";
import { forgetObject, noteMade, objectKeys } from "./run-objects.ts";
import { changeSchema, renameObject } from "./run-renames.ts";
import { alterTable, createTable } from "./run-tables.ts";
import { changeSearchPath, endLocalPath } from "./search-path.ts";
import { nameParts, type TreeStatement } from "./tree.ts";

interface Step {
  readonly memory: Memory;
  readonly node: Fields;
  readonly standing: Standing;
}

/** Kinds whose objects DROP names by their table first. */
const partKinds = new Set(["OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE"]);

/** `List` for most, `String` for schemas and the like. */
function droppedName(object: unknown): readonly string[] {
  const list = fields(object, "ObjectWithArgs")?.["objname"] ?? fields(object, "TypeName")?.["names"];
  return nameParts(list ?? (fields(object, "String") === null ? object : [object]));
}

function dropOne(memory: Memory, kind: string, object: unknown, isSure: boolean): void {
  const parts = droppedName(object);
  const own = partKinds.has(kind) ? parts.slice(0, -1) : parts;
  const name = { schema: own.at(-2) ?? "", name: own.at(-1) ?? "" };
  forgetObject(memory, { kind, name, part: partKinds.has(kind) ? (parts.at(-1) ?? "") : "" });
  if (kind === "OBJECT_SCHEMA") memory.schemas.delete(name.name);
  if (!["OBJECT_TABLE", "OBJECT_MATVIEW", "OBJECT_VIEW", "OBJECT_FOREIGN_TABLE"].includes(kind)) return;
  forgetTable(memory, name);
  const gone = tableKey(resolved(memory, name));
  if (isSure) forgetForeignKeys(memory, ({ child, parent }) => [tableKey(child), tableKey(parent)].includes(gone));
}

function dropObjects({ memory, node, standing }: Step): void {
  const kind = String(node["removeType"]);
  for (const object of items(node["objects"])) dropOne(memory, kind, object, standing === "certain");
}

function forgetAll(memory: Memory): void {
  for (const known of Object.values(memory)) if (known instanceof Map || known instanceof Set) known.clear();
  memory.path = null;
}

function changeTransaction({ memory, node: { kind, chain } }: Step): void {
  if (kind === "TRANS_STMT_BEGIN" || kind === "TRANS_STMT_START") memory.open = true;
  if (!/_(?:COMMIT|ROLLBACK|PREPARE)$/.test(String(kind))) return;
  memory.open = chain === true;
  memory.locked.clear();
  endLocalPath(memory);
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
function shadow(memory: Memory, range: unknown): void {
  const name = rangeName(range);
  if (name === null) return;
  const isTemporary = isRecord(range) && range["relpersistence"] === "t";
  forgetTable(memory, name);
  memory.shadowed.add(tableKey(isTemporary ? inTemporary(name) : resolved(memory, name)));
}

function createSchema({ memory, node }: Step): void {
  for (const element of items(node["schemaElts"])) shadow(memory, fields(element, "CreateStmt")?.["relation"]);
}

function createForeignTable({ memory, node: { base } }: Step): void {
  if (isRecord(base)) shadow(memory, base["relation"]);
}

/** Changed in place: what made it says no more what it is. */
function forgetPolicy({ memory, node }: Step): void {
  const table = rangeName(node["table"]);
  if (table === null) return;
  forgetObject(memory, { kind: "OBJECT_POLICY", name: table, part: String(node["policy_name"]) });
}

const effects: Readonly<Record<string, (step: Step) => void>> = {
  CreateSchemaStmt: createSchema,
  // a temporary view stands before a table of its name
  ViewStmt: ({ memory, node }) => shadow(memory, node["view"]),
  CreateStmt: ({ memory, node, standing }) => createTable(memory, node["relation"], node, standing),
  CreateForeignTableStmt: createForeignTable,
  CreateTableAsStmt: createFromQuery,
  SelectStmt: createFromQuery,
  AlterTableStmt: alter,
  AlterPolicyStmt: forgetPolicy,
  LockStmt: ({ memory, node, standing }) => {
    if (standing === "certain") noteLock(memory, node);
  },
  RenameStmt: ({ memory, node, standing }) => renameObject(memory, node, standing),
  AlterObjectSchemaStmt: ({ memory, node, standing }) => changeSchema(memory, node, standing),
  DropStmt: dropObjects,
  VariableSetStmt: ({ memory, node, standing }) => changeSearchPath(memory, node, standing),
  TransactionStmt: changeTransaction,
  DiscardStmt: ({ memory }) => forgetAll(memory),
};

/** Statements that make nothing hang on a schema that was there before them, whatever they name in it. */
const selfContained = new Set(
  (
    "CreateStmt CreateTableAsStmt CreateSeqStmt CreateFunctionStmt CreateEnumStmt CompositeTypeStmt CreateDomainStmt IndexStmt " +
    "SelectStmt InsertStmt UpdateStmt DeleteStmt MergeStmt CopyStmt TruncateStmt DropStmt CreateSchemaStmt CommentStmt " +
    "GrantStmt TransactionStmt"
  ).split(" "),
);

/** DROP SCHEMA … CASCADE takes what hangs on the schema: a new one is no longer only its own once others may. */
function forgetReachedSchemas(memory: Memory, { tag, node }: TreeStatement): void {
  if (selfContained.has(tag)) return;
  for (const schema of memory.schemas) {
    const made = { kind: "OBJECT_SCHEMA", name: { schema: "", name: schema }, part: "" };
    if (
      objectKeys(memory, made).some((key) => memory.made.has(key)) &&
      JSON.stringify(node).includes(JSON.stringify(schema))
    )
      forgetObject(memory, made);
  }
}

/** What a statement does to what is known. */
export function applyStatement(memory: Memory, { tag, node }: TreeStatement, standing: Standing): void {
  if (!isRecord(node)) return;
  forgetReachedSchemas(memory, { tag, node });
  effects[tag]?.({ memory, node, standing });
  for (const made of madeBy(tag, node)) noteMade(memory, made, standing);
}
