import { unknownName } from "../model/rule.ts";
import { isRecord, type Parsed, parseSql } from "./parse.ts";
import { nameParts } from "./tree.ts";

/** Fills a hole of a skeleton: a plain identifier, so that it also fits inside quotes and beside other letters. */
const hole = "mg_unknown_name";

/** The same where nothing quotes what comes: it need not be a name at all. */
const openHole = "mg_unknown_text";
const holes = /mg_unknown_(?:name|text)/g;

interface Piece {
  readonly text: string;
  readonly known: boolean;
}

const unknown: Piece = { text: openHole, known: false };

function constant(node: Readonly<Record<string, unknown>>): Piece {
  const text: unknown = isRecord(node["sval"]) ? node["sval"]["sval"] : undefined;
  if (typeof text === "string") return { text, known: true };
  if (isRecord(node["sval"])) return { text: "", known: true };
  if (isRecord(node["ival"])) return { text: String(node["ival"]["ival"] ?? 0), known: true };
  return unknown;
}

function quoteIdentifier(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes("\\") ? ` E${quoted.replaceAll("\\", "\\\\")}` : quoted;
}

function asIdentifier(piece: Piece): Piece {
  return piece.known ? { text: quoteIdentifier(piece.text), known: true } : { text: hole, known: false };
}

function asLiteral(piece: Piece): Piece {
  return { text: quoteLiteral(piece.text), known: piece.known };
}

function asDirective(type: string | undefined, value: Piece): Piece {
  if (type === "I") return asIdentifier(value);
  return type === "L" ? asLiteral(value) : value;
}

/** format(): %s %I %L with positions and widths. */
function format(pattern: Piece | undefined, values: readonly Piece[]): Piece {
  if (pattern?.known !== true) return unknown;
  let known = true;
  let next = 0;
  const directive = /%(?:%|(?:(\d+)\$)?-?(?:\d+|\*)?(.))/gs;
  const text = pattern.text.replace(directive, (all, position?: string, type?: string) => {
    if (all === "%%") return "%";
    const index = position === undefined ? next : Number(position) - 1;
    next = index + 1;
    const filled = asDirective(type, values[index] ?? unknown);
    known = known && filled.known;
    return filled.text;
  });
  return { text, known };
}

function join(pieces: readonly Piece[]): Piece {
  return { text: pieces.map((piece) => piece.text).join(""), known: pieces.every((piece) => piece.known) };
}

function call(node: Readonly<Record<string, unknown>>, depth: number): Piece {
  const values = (Array.isArray(node["args"]) ? node["args"] : []).map((value: unknown) => evaluate(value, depth + 1));
  const first = values[0] ?? unknown;
  switch (nameParts(node["funcname"]).at(-1)) {
    case "format":
      return format(first, values.slice(1));
    case "concat":
      return join(values);
    case "quote_ident":
      return asIdentifier(first);
    case "quote_literal":
    case "quote_nullable":
      return asLiteral(first);
    default:
      return unknown;
  }
}

function operation(node: Readonly<Record<string, unknown>>, depth: number): Piece {
  if (nameParts(node["name"]).at(-1) !== "||") return unknown;
  return join([evaluate(node["lexpr"], depth + 1), evaluate(node["rexpr"], depth + 1)]);
}

/** What is cast to a number or to one of the reg types holds no SQL of its own. */
const tame =
  /^(?:int[248]|numeric|float[48]|bool|oid|uuid|date|timestamptz?|reg(?:class|proc|procedure|type|role|namespace|oper|operator))$/;

function cast(node: Readonly<Record<string, unknown>>, depth: number): Piece {
  const value = evaluate(node["arg"], depth + 1);
  const type = isRecord(node["typeName"]) ? nameParts(node["typeName"]["names"]).at(-1) : undefined;
  return !value.known && tame.test(type ?? "") ? { text: hole, known: false } : value;
}

function evaluate(node: unknown, depth: number): Piece {
  // deeper than any hand-written text; a hole there can only make the skeleton less known
  if (!isRecord(node) || depth > 1000) return unknown;
  if (isRecord(node["A_Const"])) return constant(node["A_Const"]);
  if (isRecord(node["TypeCast"])) return cast(node["TypeCast"], depth);
  if (isRecord(node["A_Expr"])) return operation(node["A_Expr"], depth);
  if (isRecord(node["FuncCall"])) return call(node["FuncCall"], depth);
  return unknown;
}

/** `SELECT expr` as one text with holes; null when there is no single expression. */
function skeleton(select: string): Piece | null {
  const parsed = parseSql(select);
  if (parsed.kind === "failed") return null;
  const statement = parsed.statements[0]?.node;
  const targets: unknown = isRecord(statement) ? statement["targetList"] : undefined;
  const target: unknown = Array.isArray(targets) && targets.length === 1 ? targets[0] : undefined;
  const result: unknown = isRecord(target) ? target["ResTarget"] : undefined;
  return isRecord(result) ? evaluate(result["val"], 0) : null;
}

/** Names in this node that hold a hole become the unknown name; the answer is what is inside it. */
function nameHolesIn(node: object): readonly object[] {
  const inner: object[] = [];
  for (const [key, content] of Object.entries(node)) {
    if (typeof content === "string" && content.search(holes) >= 0) Reflect.set(node, key, unknownName);
    else if (typeof content === "object" && content !== null) inner.push(content);
  }
  return inner;
}

/** Whether an open hole stands where an expression could: what fills it may call whatever it likes. */
function isOpenExpression(root: unknown): boolean {
  const stack: unknown[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const column: unknown = isRecord(node) ? node["ColumnRef"] : undefined;
    if (isRecord(column) && nameParts(column["fields"]).some((part) => part.includes(openHole))) return true;
    if (typeof node === "object" && node !== null) stack.push(...Object.values(node));
  }
  return false;
}

/** In place: the tree is ours. */
function nameHoles(root: object): void {
  const stack: object[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) stack.push(...nameHolesIn(node));
}

export type DynamicSql =
  | {
      readonly kind: "read";
      readonly sql: string;
      readonly parsed: Extract<Parsed, { kind: "parsed" }>;
      /** values known only at run time may add calls to it */
      readonly isOpen: boolean;
    }
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * The SQL text that an expression yields (given as `SELECT expr`): constants folded, unknown parts as names. Where a name
 * does not fit a number is tried; a text that still does not parse hides its verb and stays unknown.
 */
export function readDynamicSql(select: string): DynamicSql {
  const text = skeleton(select);
  if (text === null || text.text.trim().replace(holes, "") === "") {
    return { kind: "unknown", reason: "dynamic SQL: the text is put together at run time" };
  }
  const reading = readFilled(text, null) ?? (text.known ? null : readFilled(text, "0"));
  return reading ?? { kind: "unknown", reason: "dynamic SQL: what it does depends on values known only at run time" };
}

function readFilled({ text, known }: Piece, fill: string | null): DynamicSql | null {
  const sql = fill === null ? text : text.replaceAll(holes, fill);
  const parsed = parseSql(sql);
  if (parsed.kind === "failed") return null;
  const isOpen = !known && isOpenExpression(parsed.statements);
  if (!known) nameHoles(parsed.statements);
  return { kind: "read", sql: sql.replaceAll(holes, quoteIdentifier(unknownName)), parsed, isOpen };
}
