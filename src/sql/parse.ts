import type { ParseResult } from "libpg-query";
import { hasSqlDetails, loadModule, parsePlPgSQLSync, parseSync } from "libpg-query";
import { scan, type Token } from "./scanner.ts";

await loadModule();

/** One raw statement: its node with the tag as only key, and where its first token starts (UTF-16 units). */
export interface RawStatement {
  readonly tag: string;
  readonly node: unknown;
  readonly start: number;
  readonly end: number;
}

export type Parsed =
  | { readonly kind: "parsed"; readonly statements: readonly RawStatement[]; readonly tokens: readonly Token[] }
  | { readonly kind: "failed"; readonly at: number; readonly message: string };

/** Objects of the parser's JSON, read without trust in their shape. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `{DropStmt: {…}}` as tag and content. */
function unwrap(node: unknown): { readonly tag: string; readonly node: unknown } | null {
  if (!isRecord(node)) return null;
  const tag = Object.keys(node)[0];
  return tag === undefined ? null : { tag, node: node[tag] };
}

/** Statement offsets are UTF-8 bytes; texts here are counted in UTF-16 units (style.md section 9, trap 3). */
function createByteCounter(text: string): (byte: number) => number {
  if (Buffer.byteLength(text) === text.length) return (byte) => byte;
  const bytes = Buffer.from(text);
  let lastByte = 0;
  let lastUnit = 0;
  return (byte) => {
    if (byte < lastByte) {
      lastByte = 0;
      lastUnit = 0;
    }
    lastUnit += bytes.toString("utf8", lastByte, byte).length;
    lastByte = byte;
    return lastUnit;
  };
}

/** Index in UTF-16 units of the n-th code point: the parser counts error positions in code points. */
function unitOfCodePoint(text: string, count: number): number {
  let unit = 0;
  for (let i = 0; i < count && unit < text.length; i++) unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  return unit;
}

/** First index in `tokens` (sorted) that starts at or after `start`. */
export function tokenIndexAt(tokens: readonly Token[], start: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const token = tokens[middle];
    if (token !== undefined && token.start < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

function toRawStatements(text: string, result: ParseResult, tokens: readonly Token[]): RawStatement[] {
  const unitOf = createByteCounter(text);
  const statements: RawStatement[] = [];
  for (const raw of result.stmts ?? []) {
    const statement = unwrap(raw.stmt);
    if (statement === null) continue;
    const from = unitOf(raw.stmt_location ?? 0);
    const end = raw.stmt_len ? unitOf((raw.stmt_location ?? 0) + raw.stmt_len) : text.length;
    // the range begins with the comments before the statement
    const first = tokens[tokenIndexAt(tokens, from)];
    statements.push({ ...statement, start: first?.start ?? from, end });
  }
  return statements;
}

/**
 * Parses a text whose limits are kept (checked here, by our own scanner, before the parser sees it). Never throws for bad
 * SQL; whatever else the parser throws poisons its instance, so it goes up and ends the worker (parser.md section 3).
 */
export function parseSql(text: string): Parsed {
  const { tokens, broken } = scan(text);
  if (broken !== null) return { kind: "failed", at: broken.at, message: broken.message };
  if (tokens.length === 0) return { kind: "parsed", statements: [], tokens };
  try {
    return { kind: "parsed", statements: toRawStatements(text, parseSync(text), tokens), tokens };
  } catch (error) {
    if (!hasSqlDetails(error)) throw error;
    const at = unitOfCodePoint(text, error.sqlDetails?.cursorPosition ?? 0);
    return { kind: "failed", at, message: withoutLiterals(error.message) };
  }
}

/** PL/pgSQL's own tree of a DO or CREATE FUNCTION statement, or why it has none. */
export function parseBody(statement: string): { readonly tree: unknown } | { readonly message: string } {
  try {
    return { tree: parsePlPgSQLSync(statement) };
  } catch (error) {
    // syntax errors are bare Errors here; everything else (RuntimeError, RangeError, ExitStatus) is the instance dying
    if (error instanceof Error && error.constructor === Error) return { message: withoutLiterals(error.message) };
    throw error;
  }
}

/** Parser messages quote what they met, and any word may be a secret (PASSWORD unquoted): only punctuation is passed on. */
function withoutLiterals(message: string): string {
  if (/^[^"]* at or near "[;:,.()[\]*=<>+-]+"$/.test(message)) return message;
  return message.replace(/ at or near "[\s\S]*$/, "").replace(/"[\s\S]*"/, '"…"');
}
