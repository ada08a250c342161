import type { QualifiedName } from "../model/rule.ts";
import { isRecord } from "./parse.ts";
import { type Fields, fields, items, rangeName } from "./run-memory.ts";
import { nameParts } from "./tree.ts";
import { typeText } from "./type-text.ts";

/** An object that is no table, as a statement names it. `part` is its own name where `name` is its table's. */
export interface Named {
  /** the grammar's ObjectType; procedures count as functions, domains as types */
  readonly kind: string;
  readonly name: QualifiedName;
  readonly part: string;
}

export interface Made extends Named {
  readonly node: Fields;
  /** false for IF NOT EXISTS and OR REPLACE: it may have been there */
  readonly isNew: boolean;
  readonly isTemporary: boolean;
  readonly table: QualifiedName | null;
  readonly columns: readonly string[];
}

function qualified(parts: readonly string[]): QualifiedName {
  return { schema: parts.at(-2) ?? "", name: parts.at(-1) ?? "" };
}

/** Columns that an expression, a list of index elements or a constraint names. */
export function columnsIn(root: unknown): readonly string[] {
  const columns: string[] = [];
  const stack: unknown[] = [root];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    columns.push(...columnsAt(value));
    if (typeof value === "object" && value !== null)
      stack.push(...Object.values(value).filter((inner) => typeof inner === "object"));
  }
  return columns;
}

function columnsAt(value: unknown): readonly string[] {
  const element = fields(value, "IndexElem")?.["name"];
  if (typeof element === "string") return [element];
  return nameParts(fields(value, "ColumnRef")?.["fields"]).slice(-1);
}

function toMade(kind: string, name: QualifiedName | null, node: Fields, more: Partial<Made> = {}): readonly Made[] {
  if (name === null) return [];
  const isNew = node["replace"] !== true && node["if_not_exists"] !== true;
  return [{ kind, name, part: "", node, isNew, isTemporary: false, table: null, columns: [], ...more }];
}

function ofRelation(kind: string, field: string): (node: Fields) => readonly Made[] {
  return (node) => {
    const range = node[field];
    const isTemporary = isRecord(range) && range["relpersistence"] === "t";
    return toMade(kind, rangeName(range), node, { isTemporary });
  };
}

function ofList(kind: string, field: string): (node: Fields) => readonly Made[] {
  return (node) => toMade(kind, qualified(nameParts(node[field])), node);
}

function ofPlainName(kind: string, field: string): (node: Fields) => readonly Made[] {
  return (node) => toMade(kind, { schema: "", name: String(node[field] ?? "") }, node);
}

/** On a table: its name, then the object's own. */
function ofTable(kind: string, tableField: string, field: string): (node: Fields) => readonly Made[] {
  return (node) => {
    const table = rangeName(node[tableField]);
    return toMade(kind, table, node, { part: String(node[field] ?? ""), table });
  };
}

function ofIndex(node: Fields): readonly Made[] {
  const table = rangeName(node["relation"]);
  if (table === null) return [];
  const columns = [...columnsIn(node["indexParams"]), ...columnsIn(node["whereClause"])];
  const guess = `${table.name}_${columns.join("_")}_idx`;
  const name = { schema: table.schema, name: typeof node["idxname"] === "string" ? node["idxname"] : guess };
  return toMade("OBJECT_INDEX", name, node, { table, columns });
}

/** Types of the arguments that a call gives, as DROP FUNCTION names them. */
function argumentTypes(parameters: unknown): string {
  const types = items(parameters).flatMap((item) => {
    const parameter = fields(item, "FunctionParameter");
    const isOut = /_(?:OUT|TABLE)$/.test(String(parameter?.["mode"]));
    return parameter === null || isOut ? [] : [typeText(parameter["argType"]) ?? "?"];
  });
  return `(${types.join(",")})`;
}

/** Known by its arguments, and by its name alone. */
function ofFunction(node: Fields): readonly Made[] {
  const name = qualified(nameParts(node["funcname"]));
  const parts = [argumentTypes(node["parameters"]), ""];
  return parts.flatMap((part) => toMade("OBJECT_FUNCTION", name, node, { part }));
}

function ofDomainConstraint(node: Fields): readonly Made[] {
  const part = String(fields(node["def"], "Constraint")?.["conname"] ?? "");
  return node["subtype"] === "C"
    ? toMade("OBJECT_DOMCONSTRAINT", qualified(nameParts(node["typeName"])), node, { part })
    : [];
}

function ofMaterializedView(node: Fields): readonly Made[] {
  const into = node["objtype"] === "OBJECT_MATVIEW" && isRecord(node["into"]) ? node["into"] : {};
  return toMade("OBJECT_MATVIEW", rangeName(into["rel"]), node);
}

/** No table of this server: its rows were there before, on the other one. */
function ofForeignTable({ base }: Fields): readonly Made[] {
  return isRecord(base) ? toMade("OBJECT_FOREIGN_TABLE", rangeName(base["relation"]), base) : [];
}

const readers: Readonly<Record<string, (node: Fields) => readonly Made[]>> = {
  ViewStmt: ofRelation("OBJECT_VIEW", "view"),
  CreateForeignTableStmt: ofForeignTable,
  CreateTableAsStmt: ofMaterializedView,
  CreateSeqStmt: ofRelation("OBJECT_SEQUENCE", "sequence"),
  CompositeTypeStmt: ofRelation("OBJECT_TYPE", "typevar"),
  CreateEnumStmt: ofList("OBJECT_TYPE", "typeName"),
  CreateRangeStmt: ofList("OBJECT_TYPE", "typeName"),
  CreateDomainStmt: ofList("OBJECT_TYPE", "domainname"),
  CreateFunctionStmt: ofFunction,
  IndexStmt: ofIndex,
  CreateTrigStmt: ofTable("OBJECT_TRIGGER", "relation", "trigname"),
  CreatePolicyStmt: ofTable("OBJECT_POLICY", "table", "policy_name"),
  RuleStmt: ofTable("OBJECT_RULE", "relation", "rulename"),
  AlterDomainStmt: ofDomainConstraint,
  CreateSchemaStmt: ofPlainName("OBJECT_SCHEMA", "schemaname"),
  CreateExtensionStmt: ofPlainName("OBJECT_EXTENSION", "extname"),
  CreatePublicationStmt: ofPlainName("OBJECT_PUBLICATION", "pubname"),
  CreateEventTrigStmt: ofPlainName("OBJECT_EVENT_TRIGGER", "trigname"),
  CreateRoleStmt: ofPlainName("OBJECT_ROLE", "role"),
  CreateForeignServerStmt: ofPlainName("OBJECT_FOREIGN_SERVER", "servername"),
};

/** Objects that a statement makes, tables and their parts apart. */
export function madeBy(tag: string, node: Fields): readonly Made[] {
  return Object.hasOwn(readers, tag) ? (readers[tag]?.(node) ?? []) : [];
}
