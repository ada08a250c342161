import { type Rule, type Statement, unknownName } from "../model/rule.ts";
import type { RuleHit } from "../model/sql.ts";
import { bodyStart, readBody } from "./body-parts.ts";
import { displayOf } from "./display.ts";
import { readDynamicSql } from "./dynamic-sql.ts";
import { type DefinedFunction, emptyFindings, type Findings } from "./findings.ts";
import { type Body, bodyOf } from "./functions.ts";
import { unprovenCalls } from "./known-functions.ts";
import { createLocator, type Position } from "./locate.ts";
import { isRecord, type Parsed, parseSql, type RawStatement, tokenIndexAt } from "./parse.ts";
import type { BodyPart } from "./plpgsql.ts";
import { callRefusal, treeRefusals } from "./refusals.ts";
import type { Standing } from "./run-memory.ts";
import type { TrackedState } from "./run-state.ts";
import type { Token } from "./scanner.ts";
import { changesSchema } from "./schema-changes.ts";
import type { Settings } from "./settings.ts";
import { tokenDoubts } from "./token-checks.ts";
import { readTree, type TreeContent, type TreeStatement } from "./tree.ts";

/** What stays the same, or grows, while the texts of a request are walked. */
export interface Walk {
  readonly rules: readonly Rule[];
  readonly state: TrackedState;
  readonly settings: Settings;
  readonly functions: DefinedFunction[];
  /** names of PREPAREd statements */
  readonly prepared: Set<string>;
}

/** A stretch of SQL and where it stands. `locate` takes UTF-16 units of `text`. */
export interface Stretch {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly locate: (at: number) => Position;
  readonly within: Statement["within"];
  readonly standing: Standing;
  readonly markers: readonly string[];
  readonly findings: Findings;
  /** bodies inside bodies, dynamic SQL inside dynamic SQL */
  readonly depth: number;
}

const deepest = 16;

function withoutMarkers(text: string, markers: readonly string[]): string {
  // in a name the grammar has folded it
  const spellings = markers.flatMap((marker) => [marker, marker.toLowerCase()]);
  return spellings.reduce((shown, marker) => shown.replaceAll(marker, unknownName), text);
}

function statementTokens(stretch: Stretch, raw: RawStatement): readonly Token[] {
  return stretch.tokens.slice(tokenIndexAt(stretch.tokens, raw.start), tokenIndexAt(stretch.tokens, raw.end));
}

function displayIn(stretch: Stretch, raw: RawStatement): string {
  return withoutMarkers(displayOf(stretch.text, statementTokens(stretch, raw)), stretch.markers);
}

function applyRules(walk: Walk, statement: Statement, markers: readonly string[]): RuleHit[] {
  const { display, line, column } = statement;
  return walk.rules.flatMap((rule) =>
    rule.check(statement, walk.state).map((hit) => ({
      rule: rule.id,
      hazard: hit.hazard ?? rule.hazard,
      phase: rule.phase,
      subject: withoutMarkers(hit.subject, markers),
      display,
      line,
      column,
      why: hit.why ?? rule.why,
      instead: withoutMarkers(hit.instead ?? rule.instead, markers),
    })),
  );
}

function notePrepared(walk: Walk, { tag, node }: TreeStatement): string | null {
  if (!isRecord(node)) return null;
  if (tag === "PrepareStmt") walk.prepared.add(String(node["name"]));
  if (tag !== "ExecuteStmt" || walk.prepared.has(String(node["name"]))) return null;
  return "EXECUTE of a statement that was prepared elsewhere";
}

function noteCalls(walk: Walk, content: TreeContent, findings: Findings): string[] {
  const reasons: string[] = [];
  for (const call of content.calls) {
    findings.calls.add(call.name);
    const isDefined = walk.functions.some((defined) => defined.name === call.name);
    const reason = isDefined ? null : callRefusal(call);
    if (reason !== null) reasons.push(reason);
  }
  return reasons;
}

function createsTable(node: unknown): boolean {
  const into: unknown = isRecord(node) ? node["intoClause"] : undefined;
  return isRecord(into);
}

function applyState(walk: Walk, content: TreeContent, standing: Standing): void {
  for (const statement of content.statements) walk.state.apply(statement, standing);
  for (const name of walk.settings.changed(content)) {
    walk.state.apply({ tag: "VariableSetStmt", node: { name: name === "?" ? undefined : name } }, standing);
  }
  walk.settings.apply(content);
}

/** One statement with all it carries: rules, refusals, its body, and what it does to the state of the run. Answers with the masked line that people see. */
export function visitStatement(walk: Walk, stretch: Stretch, raw: RawStatement): string {
  const { findings, within } = stretch;
  const content = readTree(raw.tag, raw.node);
  const position = stretch.locate(raw.start);
  const display = displayIn(stretch, raw);
  for (const statement of content.statements) {
    findings.hits.push(...applyRules(walk, { ...statement, ...position, display, within }, stretch.markers));
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
function bodyFindings(walk: Walk, outer: Stretch, body: Body): Findings {
  if (body.name === "") return outer.findings;
  const findings = emptyFindings();
  walk.functions.push({ name: body.name, findings, home: outer.findings });
  return findings;
}

function visitBody(walk: Walk, outer: Stretch, raw: RawStatement, body: Body): void {
  const findings = bodyFindings(walk, outer, body);
  const { line } = outer.locate(bodyStart(outer.text, statementTokens(outer, raw), body));
  const reading =
    outer.depth < deepest
      ? readBody(body, outer.text.slice(raw.start, raw.end))
      : ({ kind: "unread", reason: "bodies nested deeper than 16" } as const);
  if (reading.kind === "unread") {
    // a library's code may run as soon as it is loaded
    (body.language === "c" ? outer.findings : findings).opaque.push({ line, reason: reading.reason });
    return;
  }
  const within = body.name === "" ? "do" : "function";
  const inner = { ...outer, within, standing: "perhaps", findings, depth: outer.depth + 1 } as const;
  noteDoubts({ ...inner, text: body.source ?? "", tokens: reading.tokens, locate: () => ({ line, column: 1 }) });
  for (const part of reading.parts) visitPart(walk, inner, part, line);
  visitAtomic(walk, inner, raw, body.atomic);
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
  if (part.kind === "dynamic") visitDynamic(walk, { ...stretch, locate: () => ({ line: base, column: 1 }) }, part.sql);
}

function visitDynamic(walk: Walk, stretch: Stretch, select: string): void {
  const dynamic = readDynamicSql(select);
  if (dynamic.kind === "unknown") {
    stretch.findings.opaque.push({ line: stretch.locate(0).line, reason: dynamic.reason });
    return;
  }
  const { sql: text, parsed } = dynamic;
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
