import type { AnalyzedText, SqlText } from "../model/sql.ts";
import { type CanonicalHash, createCanonicalHash } from "./canonical.ts";
import { dropUndone, emptyFindings, type Findings, settle } from "./findings.ts";
import { brokenText, withoutByteOrderMark } from "./limits.ts";
import { createLocator } from "./locate.ts";
import { type OpenText, openText } from "./open-text.ts";
import { isRecord, parseSql, type RawStatement } from "./parse.ts";
import { splitStatements } from "./plain-script.ts";
import { readPsqlScript } from "./psql-script.ts";
import { rolledBack } from "./rolled-back.ts";
import type { Standing } from "./run-memory.ts";
import { scan } from "./scanner.ts";
import type { ScriptEvent, SqlEvent } from "./script.ts";
import type { Stretch, Walk } from "./statement-notes.ts";
import { noteDoubts, visitStatement } from "./visit.ts";

interface Located {
  readonly raw: RawStatement;
  readonly stretch: Stretch;
}

interface Reading {
  readonly text: SqlText;
  readonly findings: Findings;
  readonly errors: { readonly line: number; readonly message: string }[];
  readonly located: (Located | "reconnect")[];
  readonly hash: CanonicalHash;
}

function toStretch(reading: Reading, event: SqlEvent): Stretch {
  const { text, findings } = reading;
  const { tokens, broken } = scan(event.sql);
  if (broken === null) reading.hash.sql(event.sql, tokens);
  else reading.hash.raw(event.sql);
  const start = { line: event.line + text.origin.line - 1, column: event.column };
  const locate = event.isElsewhere ? () => start : createLocator(event.sql, start.line, start.column);
  const standing: Standing = event.isInBranch ? "perhaps" : event.stopsOnError ? "certain" : "stated";
  return {
    ...{ text: event.sql, tokens, locate, within: "text", standing, markers: text.markers, findings },
    ...{ migration: null, depth: 0 },
  };
}

/** Reads one stretch; where it does not parse as a whole its statements are read one by one, so that none hides behind an error. */
function readSql(reading: Reading, event: SqlEvent): void {
  const stretch = toStretch(reading, event);
  noteDoubts(stretch);
  if (locateStatements(reading, stretch) === null) return;
  for (const part of splitStatements(event.sql, stretch.tokens)) {
    const sql = event.sql.slice(part.start, part.end);
    const tokens = scan(sql).tokens;
    const inner = { ...stretch, text: sql, tokens, locate: (at: number) => stretch.locate(part.start + at) };
    const failed = locateStatements(reading, inner);
    if (failed !== null && !event.isFilled)
      reading.errors.push({ line: inner.locate(failed.at).line, message: failed.message });
  }
}

function locateStatements(
  reading: Reading,
  stretch: Stretch,
): { readonly at: number; readonly message: string } | null {
  const parsed = parseSql(stretch.text);
  if (parsed.kind === "failed") return parsed;
  for (const raw of parsed.statements) reading.located.push({ raw, stretch });
  return null;
}

function readEvent(reading: Reading, event: ScriptEvent): void {
  const line = reading.text.origin.line - 1;
  switch (event.kind) {
    case "sql":
      readSql(reading, event);
      break;
    case "markup":
      reading.hash.markup(event.text);
      if (event.reconnects) reading.located.push("reconnect");
      break;
    case "opaque":
      reading.findings.opaque.push({ line: event.line + line, reason: event.reason });
      break;
    case "error":
      reading.errors.push({ line: event.line + line, message: event.message });
  }
}

function readEvents(text: SqlText, source: string): readonly ScriptEvent[] {
  if (text.client === "psql") return readPsqlScript(source, text);
  const { stopsOnError } = text;
  const place = { line: 1, column: 1, isElsewhere: false, isInBranch: false, isFilled: false } as const;
  return [{ kind: "sql", sql: source, stopsOnError, ...place }];
}

function readText(text: SqlText): Reading {
  const reading: Reading = {
    text,
    findings: emptyFindings(),
    errors: [],
    located: [],
    hash: createCanonicalHash(text.dialect),
  };
  const broken = brokenText(text.text);
  if (broken === null) {
    for (const event of readEvents(text, withoutByteOrderMark(text.text))) readEvent(reading, event);
  } else {
    reading.hash.raw(text.text);
    const { line } = createLocator(text.text, text.origin.line, 1)(broken.at);
    reading.errors.push({ line, message: broken.message });
  }
  return reading;
}

/** COMMIT and ROLLBACK of its own end the transaction that the tool opened around a text. */
function endsTransaction({ raw }: Located): boolean {
  if (raw.tag !== "TransactionStmt" || !isRecord(raw.node)) return false;
  return !/BEGIN|START|SAVEPOINT|RELEASE|_TO$/.test(String(raw.node["kind"]));
}

type Shown = AnalyzedText["statements"][number];

/** Statements that are surely undone; null where nothing is sure: not understood, or on more than one connection. */
function undoneStatements({ text, findings, errors, located }: Reading): ReadonlySet<number> | null {
  const statements = located.filter((item) => item !== "reconnect");
  const isOneConnection = text.singleTransaction || text.client === "psql";
  const isRead = statements.length === located.length && findings.opaque.length + errors.length === 0;
  const mayBeSkipped = ({ raw, stretch }: Located) => raw.tag === "TransactionStmt" && stretch.standing === "perhaps";
  if (!isOneConnection || !isRead || statements.some(mayBeSkipped)) return null;
  return rolledBack(
    statements.map(({ raw }) => raw),
    text.singleTransaction,
  );
}

function isRollback(item: Located | "reconnect"): boolean {
  if (item === "reconnect" || item.raw.tag !== "TransactionStmt" || !isRecord(item.raw.node)) return false;
  return String(item.raw.node["kind"]).startsWith("TRANS_STMT_ROLLBACK");
}

/** An error in the tool's transaction undoes all of it, so what comes after one changes nothing. */
function inTransaction(stretch: Stretch): Stretch {
  return stretch.standing === "stated" ? { ...stretch, standing: "certain" } : stretch;
}

/** A statement that is rolled back: what can be undone is, the functions it defines included. */
function visitUndone(walk: Walk, stretch: Stretch, raw: RawStatement): string {
  const [hits, functions] = [stretch.findings.open.length, walk.functions.length];
  const display = visitStatement(walk, stretch, raw);
  dropUndone(stretch.findings, hits);
  for (const defined of walk.functions.slice(functions)) defined.isUndone = true;
  return display;
}

function walkStatements(walk: Walk, reading: Reading): readonly Shown[] {
  const { located, text, findings } = reading;
  const undone = located.some(isRollback) ? undoneStatements(reading) : null;
  walk.state.startText({ open: text.singleTransaction, rollsBack: undone !== null });
  const shown: Shown[] = [];
  let isInTransaction = text.singleTransaction;
  for (const item of located) {
    if (item === "reconnect") {
      walk.state.forget();
      continue;
    }
    const stretch = isInTransaction ? inTransaction(item.stretch) : item.stretch;
    const visit = undone?.has(shown.length) === true ? visitUndone : visitStatement;
    const display = visit(walk, stretch, item.raw);
    shown.push({ display, line: stretch.locate(item.raw.start).line, kind: item.raw.tag });
    if (endsTransaction(item)) isInTransaction = false;
  }
  settle(findings, walk.state);
  return shown;
}

/** Takes a PostgreSQL text apart and walks its statements. */
export function openPostgresqlText(walk: Walk, text: SqlText): OpenText {
  const settings = walk.settings.inForce();
  const reading = readText(text);
  const { findings, errors } = reading;
  const statements = walkStatements(walk, reading);
  return openText({ text, findings, errors, statements, canonical: reading.hash.digest(), settings });
}
