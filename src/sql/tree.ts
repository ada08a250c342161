import { isRecord } from "./parse.ts";

export interface TreeStatement {
  readonly tag: string;
  readonly node: unknown;
}

/** A function, procedure or trigger function that a tree calls; names as the grammar decodes them. */
export interface Call {
  readonly schema: string;
  readonly name: string;
  readonly arguments: readonly unknown[];
}

/** All a statement carries: itself first, then every statement inside it, calls and SETs wherever they stand. */
export interface TreeContent {
  readonly statements: readonly TreeStatement[];
  readonly calls: readonly Call[];
  /** contents of VariableSetStmt nodes, those of ALTER ROLE … SET and CREATE FUNCTION … SET included */
  readonly settings: readonly Readonly<Record<string, unknown>>[];
}

/** String parts of a name list: `[{String:{sval}}]` or `{List:{items}}`. */
export function nameParts(list: unknown): readonly string[] {
  const items = isRecord(list) && isRecord(list["List"]) ? list["List"]["items"] : list;
  if (!Array.isArray(items)) return [];
  const parts: string[] = [];
  for (const item of items) {
    const text: unknown = isRecord(item) && isRecord(item["String"]) ? item["String"]["sval"] : undefined;
    if (typeof text === "string") parts.push(text);
  }
  return parts;
}

function toCall(list: unknown, args: unknown): Call | null {
  const parts = nameParts(list);
  const name = parts.at(-1);
  if (name === undefined) return null;
  return { schema: parts.at(-2) ?? "", name, arguments: Array.isArray(args) ? args : [] };
}

/** Value of a DefElem by name in an options list, undefined when absent, null when it has no value. */
export function option(options: unknown, name: string): unknown {
  if (!Array.isArray(options)) return undefined;
  for (const item of options) {
    const element: unknown = isRecord(item) ? item["DefElem"] : undefined;
    if (isRecord(element) && element["defname"] === name) return element["arg"] ?? null;
  }
  return undefined;
}

const off = new Set(["false", "off", "0", "no"]);

/** EXPLAIN runs its statement only with ANALYZE. */
function explainRuns(node: Readonly<Record<string, unknown>>): boolean {
  // of an option given twice the last one counts
  const options: unknown = node["options"];
  const analyze = option(Array.isArray(options) ? options.toReversed() : options, "analyze");
  if (analyze === undefined) return false;
  const value: unknown = isRecord(analyze) && isRecord(analyze["String"]) ? analyze["String"]["sval"] : undefined;
  if (isRecord(analyze) && isRecord(analyze["Integer"])) return analyze["Integer"]["ival"] === 1;
  return !(typeof value === "string" && off.has(value.toLowerCase()));
}

/** Statements of definitions that name functions without calling them in an expression: any name may be one. */
const namesFunctions = new Set([
  "DefineStmt",
  "CreateCastStmt",
  "CreateOpClassStmt",
  "AlterOpFamilyStmt",
  "CreateTransformStmt",
  "CreateAmStmt",
  "CreateConversionStmt",
  "CreateFdwStmt",
  "CreatePLangStmt",
]);

interface Found {
  readonly statements: TreeStatement[];
  readonly calls: Call[];
  readonly settings: Readonly<Record<string, unknown>>[];
}

function collectCall(key: string, value: Readonly<Record<string, unknown>>, found: Found): void {
  const isCall = key === "FuncCall" || key === "funccall";
  const isTrigger = key === "CreateTrigStmt" || key === "CreateEventTrigStmt";
  if (!isCall && !isTrigger) return;
  const call = toCall(value["funcname"], isCall ? value["args"] : []);
  if (call !== null) found.calls.push(call);
}

/** What is under `key` is noted; false if nothing inside it runs here. */
function note(key: string, value: unknown, found: Found): boolean {
  if (!isRecord(value)) return key !== "sql_body";
  collectCall(key, value, found);
  if (key === "setstmt" || key === "VariableSetStmt") found.settings.push(value);
  const isStatement = key.endsWith("Stmt") && (key !== "SelectStmt" || value["intoClause"] !== undefined);
  if (isStatement && /^[A-Z]/.test(key)) found.statements.push({ tag: key, node: value });
  if (namesFunctions.has(key)) collectNames(value, found);
  return key !== "sql_body" && (key !== "ExplainStmt" || explainRuns(value));
}

function collectNames(root: unknown, found: Found): void {
  const stack: unknown[] = [root];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (Array.isArray(value)) stack.push(...value);
    else if (isRecord(value)) {
      if (typeof value["sval"] === "string") found.calls.push({ schema: "", name: value["sval"], arguments: [] });
      stack.push(...Object.values(value));
    }
  }
}

interface Entry {
  readonly key: string;
  readonly value: unknown;
}

/** What is inside an entry, last first. */
function pushInner({ key, value }: Entry, found: Found, stack: Entry[]): void {
  if (Array.isArray(value)) {
    for (let i = value.length - 1; i >= 0; i--) stack.push({ key: "", value: value[i] });
  } else if (note(key, value, found) && isRecord(value)) {
    for (const name of Object.keys(value).reverse()) {
      if (typeof value[name] === "object") stack.push({ key: name, value: value[name] });
    }
  }
}

/** Walks with a stack of its own: a chain of 50,000 operators is 100,000 levels deep (parser.md section 3). */
export function readTree(tag: string, node: unknown): TreeContent {
  const found: Found = { statements: [], calls: [], settings: [] };
  const stack: Entry[] = [{ key: tag, value: node }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) pushInner(top, found, stack);
  if (found.statements[0]?.node !== node) found.statements.unshift({ tag, node });
  return found;
}
