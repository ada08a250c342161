import { isRecord } from "./parse.ts";

type Tree = Readonly<Record<string, unknown>>;

function inside(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), value);
}

/** The statements of a body's outer block, as libpg-query gives them; null if it catches errors. */
function bodyOf(tree: unknown): readonly unknown[] | null {
  const functions = inside(tree, "plpgsql_funcs");
  const block = inside(
    Array.isArray(functions) ? functions[0] : null,
    "PLpgSQL_function",
    "action",
    "PLpgSQL_stmt_block",
  );
  if (!isRecord(block) || block["exceptions"] !== undefined || !Array.isArray(block["body"])) return null;
  return block["body"];
}

/** The return that the parser adds to every body. */
function isAdded(statement: unknown): boolean {
  const answer = inside(statement, "PLpgSQL_stmt_return");
  return isRecord(answer) && answer["expr"] === undefined && answer["retvarno"] === undefined;
}

const guard =
  /^NOT\s+EXISTS\s*\(\s*SELECT\s+1\s+FROM\s+(?:(?:\w+|"[^"]+")\.)?"__EFMigrationsHistory"\s+WHERE\s+"MigrationId"\s*=\s*'([^']+)'\s*\)$/;

/** The migration that must be pending for anything of this body to run: EF Core's idempotent scripts are written so. */
export function pendingMigration(tree: unknown): string | null {
  const [only, ...others] = (bodyOf(tree) ?? []).filter((statement) => !isAdded(statement));
  const branch = inside(only, "PLpgSQL_stmt_if");
  if (others.length > 0 || !isRecord(branch)) return null;
  if (branch["elsif_list"] !== undefined || branch["else_body"] !== undefined) return null;
  const body: readonly unknown[] = Array.isArray(branch["then_body"]) ? branch["then_body"] : [];
  if (!body.every((statement) => inside(statement, "PLpgSQL_stmt_execsql") !== undefined)) return null;
  const condition = inside(branch["cond"], "PLpgSQL_expr", "query");
  return typeof condition === "string" ? (guard.exec(condition.trim())?.[1] ?? null) : null;
}

/** Level of RAISE EXCEPTION in the server's numbers. */
const errorLevel = 21;

/** What a body may do and still do nothing. */
const idle: Readonly<Record<string, (content: Tree) => boolean>> = {
  PLpgSQL_stmt_block: (content) => content["exceptions"] === undefined,
  PLpgSQL_stmt_if: () => true,
  PLpgSQL_stmt_assign: () => true,
  PLpgSQL_stmt_raise: (content) => Number(content["elog_level"] ?? errorLevel) < errorLevel,
  PLpgSQL_stmt_return: (content) => {
    const query = inside(content["expr"], "PLpgSQL_expr", "query");
    return isAdded({ PLpgSQL_stmt_return: content }) || (typeof query === "string" && /^\s*NULL\s*$/i.test(query));
  },
};

/** Whether a trigger function throws every row away: all it ever answers is NULL, and it writes and refuses nothing. */
export function discardsRows(tree: unknown): boolean {
  const statements = statementsIn(bodyOf(tree));
  const answers = statements.some(([key, content]) => key === "PLpgSQL_stmt_return" && content["expr"] !== undefined);
  return answers && statements.every(([key, content]) => idle[key]?.(content) === true);
}

/** Statements wherever they stand, with their kind. */
function statementsIn(root: unknown): readonly (readonly [string, Tree])[] {
  const found: (readonly [string, Tree])[] = [];
  const stack: unknown[] = [root];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (typeof value !== "object" || value === null) continue;
    const entries = Object.entries(value).filter(([, content]) => typeof content === "object");
    stack.push(...entries.map(([, content]) => content));
    found.push(...entries.filter(isStatement));
  }
  return found;
}

function isStatement(entry: readonly [string, unknown]): entry is readonly [string, Tree] {
  return entry[0].startsWith("PLpgSQL_stmt_") && isRecord(entry[1]);
}

/** Expressions of a body, by identity, that are reached whenever it runs. */
export interface SureParts {
  readonly statements: ReadonlySet<unknown>;
  /** conditions of IF … THEN RAISE EXCEPTION */
  readonly checks: ReadonlySet<unknown>;
}

/** Statements of the outer block: none can be jumped over, and if it catches no error each one's error ends it. */
export function sureParts(tree: unknown): SureParts {
  const body = bodyOf(tree) ?? [];
  // RETURN, or EXIT of a labelled block, may come before the rest
  const end = body.findIndex((statement) => leaves(statement));
  const reached = end < 0 ? body : body.slice(0, end);
  const statements = reached.map((statement) => inside(statement, "PLpgSQL_stmt_execsql", "sqlstmt", "PLpgSQL_expr"));
  const checks = reached
    .filter(raises)
    .map((statement) => inside(statement, "PLpgSQL_stmt_if", "cond", "PLpgSQL_expr"));
  return { statements: new Set(statements), checks: new Set(checks) };
}

function leaves(statement: unknown): boolean {
  return statementsIn(statement).some(([key]) => key === "PLpgSQL_stmt_return" || key === "PLpgSQL_stmt_exit");
}

function raises(statement: unknown): boolean {
  const body = inside(statement, "PLpgSQL_stmt_if", "then_body");
  const raise = inside(Array.isArray(body) ? body[0] : null, "PLpgSQL_stmt_raise");
  return isRecord(raise) && Number(raise["elog_level"] ?? errorLevel) >= errorLevel;
}
