import { isRecord, parseBody } from "./parse.ts";
import { discardsRows, pendingMigration, type SureParts, sureParts } from "./plpgsql-shapes.ts";
import { scan, type Token } from "./scanner.ts";

/** One piece of SQL in a PL/pgSQL body. `dynamic` is the expression that yields the SQL text of an EXECUTE. */
export interface BodyPart {
  readonly kind: "statement" | "expression" | "dynamic";
  readonly sql: string;
  /** lines after the one where the body opens, from 0 */
  readonly line: number;
  /** it runs whenever the body does, once, and an error in it ends the body */
  readonly isSure: boolean;
  /** the condition of an IF … THEN RAISE EXCEPTION that stands so */
  readonly isCheck: boolean;
}

/** Where an EXECUTE's text stands in libpg-query's tree: statement and field. */
const dynamicFields: Readonly<Record<string, string>> = {
  PLpgSQL_stmt_dynexecute: "query",
  PLpgSQL_stmt_dynfors: "query",
  PLpgSQL_stmt_return_query: "dynquery",
  PLpgSQL_stmt_open: "dynquery",
};

interface Visit {
  readonly owner: string;
  readonly key: string;
  readonly value: unknown;
  readonly line: number;
}

/** The sign after the target of an assignment. */
function assignment(query: string): Token | undefined {
  let depth = 0;
  return scan(query).tokens.find(({ start, end }) => {
    const token = query.slice(start, end);
    if (token === "[" || token === "(") depth++;
    if (token === "]" || token === ")") depth--;
    return depth === 0 && (token === ":=" || token === "=");
  });
}

/** `x[i] := expr` as `SELECT x[i], expr`: the target's subscripts are expressions too. */
function expressionOf(query: string, mode: unknown): string {
  const sign = mode === 3 || mode === 4 || mode === 5 ? assignment(query) : undefined;
  return sign === undefined ? `SELECT ${query}` : `SELECT ${query.slice(0, sign.start)}, ${query.slice(sign.end)}`;
}

function toPart(visit: Visit, expression: Readonly<Record<string, unknown>>, sure: SureParts): BodyPart | null {
  const query = expression["query"];
  if (typeof query !== "string") return null;
  const place = { line: visit.line, isSure: sure.statements.has(expression), isCheck: sure.checks.has(expression) };
  if (expression["parseMode"] === undefined || expression["parseMode"] === 0) {
    return { kind: "statement", sql: query, ...place };
  }
  const kind = dynamicFields[visit.owner] === visit.key ? "dynamic" : "expression";
  return { kind, sql: expressionOf(query, expression["parseMode"]), ...place };
}

/** The SQL at this place of the tree, or the places inside it. */
function visitPlace(visit: Visit, parts: BodyPart[], sure: SureParts): readonly Visit[] {
  const { value } = visit;
  if (Array.isArray(value)) return value.map((item: unknown) => ({ ...visit, value: item })).reverse();
  if (!isRecord(value)) return [];
  const expression = value["PLpgSQL_expr"];
  const part = isRecord(expression) ? toPart(visit, expression, sure) : null;
  if (part === null) return innerVisits(visit, value);
  parts.push(part);
  return [];
}

/** Every expression wherever it stands: bodies, conditions, cursors and defaults of variables (56 places, parser.md 5). */
function collectParts(tree: unknown): BodyPart[] {
  const parts: BodyPart[] = [];
  const sure = sureParts(tree);
  const stack: Visit[] = [{ owner: "", key: "", value: tree, line: 0 }];
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) stack.push(...visitPlace(visit, parts, sure));
  return parts;
}

function innerVisits(visit: Visit, value: Readonly<Record<string, unknown>>): Visit[] {
  const line = typeof value["lineno"] === "number" ? value["lineno"] - 1 : visit.line;
  const inner = Object.entries(value).map(([key, content]) =>
    key.startsWith("PLpgSQL_")
      ? { owner: key, key: visit.key, value: content, line }
      : { owner: visit.owner, key, value: content, line },
  );
  return inner.reverse();
}

/** What a PL/pgSQL body holds. */
export interface PlpgsqlBody {
  readonly parts: readonly BodyPart[];
  /** the whole of it runs only while this migration is not in EF Core's history */
  readonly migration: string | null;
  /** as a trigger function it answers NULL and does nothing else */
  readonly discards: boolean;
}

/** The SQL inside a DO or CREATE FUNCTION/PROCEDURE statement in PL/pgSQL, given as its whole text. */
export function readPlpgsql(statement: string): PlpgsqlBody | { readonly message: string } {
  const body = parseBody(statement);
  if (!("tree" in body)) return body;
  return { parts: collectParts(body.tree), migration: pendingMigration(body.tree), discards: discardsRows(body.tree) };
}
