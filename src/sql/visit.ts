import { bodyStart, readBody } from "./body-parts.ts";
import { readDynamicSql } from "./dynamic-sql.ts";
import { emptyFindings, type Findings, settle } from "./findings.ts";
import { type Body, bodyOf } from "./functions.ts";
import { unprovenCalls } from "./known-functions.ts";
import { createLocator } from "./locate.ts";
import { type Parsed, parseSql, type RawStatement } from "./parse.ts";
import type { BodyPart } from "./plpgsql.ts";
import { treeRefusals } from "./refusals.ts";
import { changesSchema } from "./schema-changes.ts";
import {
  applyRules,
  applyState,
  createsTable,
  displayIn,
  noteCalls,
  notePrepared,
  type Stretch,
  statementTokens,
  type Walk,
} from "./statement-notes.ts";
import { tokenDoubts } from "./token-checks.ts";
import { readTree } from "./tree.ts";

const deepest = 16;

/** One statement with all it carries: rules, refusals, its body, and what it does to the state of the run. Answers with the masked line that people see. */
export function visitStatement(walk: Walk, stretch: Stretch, raw: RawStatement): string {
  const { findings, within } = stretch;
  const content = readTree(raw.tag, raw.node);
  const position = stretch.locate(raw.start);
  const display = displayIn(stretch, raw);
  for (const statement of content.statements) {
    findings.open.push(...applyRules(walk, { ...statement, ...position, display, within }, stretch));
    findings.changesSchema ||= changesSchema(statement.tag, createsTable(statement.node));
  }
  const reasons = [
    ...treeRefusals(content),
    ...noteCalls(walk, content, findings),
    ...content.statements.map((statement) => notePrepared(walk, statement)),
  ];
  for (const reason of reasons) if (reason !== null) findings.opaque.push({ line: position.line, reason });
  findings.unproven.push(...unprovenCalls(raw.tag, content).map(({ name }) => ({ name, line: position.line })));
  const body = bodyOf(raw.tag, raw.node);
  if (body !== null) visitBody(walk, stretch, raw, body);
  if (within !== "function") applyState(walk, content, stretch.standing);
  return display;
}

/** Where the findings of a body belong: a DO block's to the text, a function's to itself until something calls it. */
function bodyFindings(walk: Walk, outer: Stretch, body: Body, discards: boolean): Findings {
  if (body.name === "") return outer.findings;
  const findings = emptyFindings();
  walk.functions.push({ name: body.name, discards, findings, home: outer.findings, isUndone: false });
  return findings;
}

/** A DO block that runs for sure, and ends the run with an error of its own. */
function standsIn(outer: Stretch, inner: Stretch): boolean {
  return inner.within === "do" && outer.standing === "certain";
}

const unsure = { isSure: false, isCheck: false };

function visitBody(walk: Walk, outer: Stretch, raw: RawStatement, body: Body): void {
  const { line } = outer.locate(bodyStart(outer.text, statementTokens(outer, raw), body));
  const reading =
    outer.depth < deepest
      ? readBody(body, outer.text.slice(raw.start, raw.end))
      : ({ kind: "unread", reason: "bodies nested deeper than 16" } as const);
  const findings = bodyFindings(walk, outer, body, reading.kind === "parts" && reading.discards);
  if (reading.kind === "unread") {
    // a library's code may run as soon as it is loaded
    (body.language === "c" ? outer.findings : findings).opaque.push({ line, reason: reading.reason });
    return;
  }
  const inner = innerStretch(outer, body, findings, reading.migration);
  noteDoubts({ ...inner, text: body.source ?? "", tokens: reading.tokens, locate: () => ({ line, column: 1 }) });
  walk.state.enter(inner.migration);
  const end = walk.state.startBlock();
  for (const part of reading.parts)
    visitPart(walk, inner, standsIn(outer, inner) ? part : { ...part, ...unsure }, line);
  visitAtomic(walk, inner, raw, body.atomic);
  end();
  walk.state.enter(outer.migration);
  if (inner.within === "function") settle(findings, null);
}

/** What one guard holds runs together or not at all, so in there an error is one of a migration that is pending. */
function innerStretch(outer: Stretch, body: Body, findings: Findings, migration: string | null): Stretch {
  const inner = { ...outer, findings, depth: outer.depth + 1 };
  if (body.name !== "") return { ...inner, within: "function", standing: "perhaps" };
  if (migration === null || outer.standing !== "certain") return { ...inner, within: "do", standing: "perhaps" };
  return { ...inner, within: "do", migration };
}

/** BEGIN ATOMIC: its statements are already in the tree. */
function visitAtomic(walk: Walk, stretch: Stretch, raw: RawStatement, atomic: unknown): void {
  if (atomic === undefined) return;
  visitStatement(walk, stretch, { ...raw, tag: "ReturnStmt", node: { returnval: atomic } });
}

function visitPart(walk: Walk, stretch: Stretch, part: BodyPart, bodyLine: number): void {
  const parsed = parseSql(part.sql);
  const base = bodyLine + part.line;
  if (parsed.kind === "failed") {
    stretch.findings.opaque.push({ line: base, reason: `SQL in a body cannot be read: ${parsed.message}` });
    return;
  }
  const locate = createLocator(part.sql, base, 1);
  visitParsed(walk, { ...stretch, text: part.sql, tokens: parsed.tokens, locate }, parsed);
  noteSurePart(walk, part, parsed);
  if (part.kind === "dynamic") visitDynamic(walk, { ...stretch, locate: () => ({ line: base, column: 1 }) }, part.sql);
}

/** What a DO block locks holds to the end of the transaction, at least its own; what follows a check has passed it. */
function noteSurePart(walk: Walk, part: BodyPart, { statements }: Extract<Parsed, { kind: "parsed" }>): void {
  if (part.isCheck) walk.state.passedCheck(part.sql);
  for (const raw of statements) if (part.isSure && raw.tag === "LockStmt") walk.state.apply(raw, "certain");
}

function visitDynamic(walk: Walk, stretch: Stretch, select: string): void {
  const dynamic = readDynamicSql(select);
  if (dynamic.kind === "unknown") {
    stretch.findings.opaque.push({ line: stretch.locate(0).line, reason: dynamic.reason });
    return;
  }
  const { sql: text, parsed, isOpen } = dynamic;
  if (isOpen) {
    const reason = "dynamic SQL: values known only at run time are put into it without quotes";
    stretch.findings.opaque.push({ line: stretch.locate(0).line, reason });
  }
  const inner: Stretch = { ...stretch, text, tokens: parsed.tokens, within: "dynamic", depth: stretch.depth + 1 };
  noteDoubts(inner);
  visitParsed(walk, inner, parsed);
}

function visitParsed(walk: Walk, stretch: Stretch, parsed: Extract<Parsed, { kind: "parsed" }>): void {
  for (const raw of parsed.statements) visitStatement(walk, stretch, raw);
}

/** What the tokens of a stretch give away: values unknown here, literals that may end elsewhere. */
export function noteDoubts(stretch: Stretch): void {
  for (const { at, reason } of tokenDoubts(stretch.text, stretch.tokens, stretch.markers)) {
    stretch.findings.opaque.push({ line: stretch.locate(at).line, reason });
  }
}
