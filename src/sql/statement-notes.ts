import type { Rule, Statement } from "../model/rule.ts";
import { displayOf } from "./display.ts";
import type { DefinedFunction, Findings, OpenHit } from "./findings.ts";
import type { Position } from "./locate.ts";
import { withoutMarkers } from "./markers.ts";
import { isRecord, type RawStatement, tokenIndexAt } from "./parse.ts";
import { callRefusal, constantText } from "./refusals.ts";
import type { Standing } from "./run-memory.ts";
import type { TrackedState } from "./run-state.ts";
import type { Token } from "./scanner.ts";
import { settingNode } from "./search-path.ts";
import type { Settings } from "./settings.ts";
import type { TreeContent, TreeStatement } from "./tree.ts";

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
  /** it runs only while this migration is pending (EF Core's idempotent scripts) */
  readonly migration: string | null;
  /** bodies inside bodies, dynamic SQL inside dynamic SQL */
  readonly depth: number;
}

/** The tokens of one statement of a stretch. */
export function statementTokens(stretch: Stretch, raw: RawStatement): readonly Token[] {
  return stretch.tokens.slice(tokenIndexAt(stretch.tokens, raw.start), tokenIndexAt(stretch.tokens, raw.end));
}

/** A statement as people may see it. */
export function displayIn(stretch: Stretch, raw: RawStatement): string {
  return withoutMarkers(displayOf(stretch.text, statementTokens(stretch, raw)), stretch.markers);
}

/** What the rules say of a statement. */
export function applyRules(walk: Walk, statement: Statement, stretch: Stretch): OpenHit[] {
  const { display, line, column } = statement;
  return walk.rules.flatMap((rule) =>
    rule.check(statement, walk.state).map((hit) => {
      const subject = withoutMarkers(hit.subject, stretch.markers);
      const { markers, migration } = stretch;
      return { rule, hit, place: { subject, display, line, column }, markers, migration };
    }),
  );
}

/** Why an EXECUTE cannot be followed, if so. */
export function notePrepared(walk: Walk, { tag, node }: TreeStatement): string | null {
  if (!isRecord(node)) return null;
  if (tag === "PrepareStmt") walk.prepared.add(String(node["name"]));
  if (tag !== "ExecuteStmt" || walk.prepared.has(String(node["name"]))) return null;
  return "EXECUTE of a statement that was prepared elsewhere";
}

/** Notes what a statement calls; the answer is why some of it cannot be judged. */
export function noteCalls(walk: Walk, content: TreeContent, findings: Findings): string[] {
  const reasons: string[] = [];
  for (const call of content.calls) {
    findings.calls.add(call.name);
    const isDefined = walk.functions.some((defined) => defined.name === call.name);
    const reason = isDefined ? null : callRefusal(call);
    if (reason !== null) reasons.push(reason);
  }
  return reasons;
}

/** SELECT INTO. */
export function createsTable(node: unknown): boolean {
  const into: unknown = isRecord(node) ? node["intoClause"] : undefined;
  return isRecord(into);
}

/** A bare SELECT set_config(…) runs it once for sure. */
function isBareSelect({ statements: [first] }: TreeContent): boolean {
  const node = first?.tag === "SelectStmt" && isRecord(first.node) ? first.node : {};
  return ["fromClause", "whereClause", "limitCount", "limitOffset", "op"].every((key) => {
    return node[key] === undefined || node[key] === "SETOP_NONE";
  });
}

/** What a statement does to the state of the run. */
export function applyState(walk: Walk, content: TreeContent, standing: Standing): void {
  for (const statement of content.statements) walk.state.apply(statement, standing);
  for (const {
    name,
    arguments: [setting, value, isLocal],
  } of content.calls) {
    if (name !== "set_config") continue;
    const node = settingNode(constantText(setting)?.toLowerCase() ?? null, value, constantText(isLocal) !== "off");
    walk.state.apply({ tag: "VariableSetStmt", node }, isBareSelect(content) ? standing : "perhaps");
  }
  walk.settings.apply(content);
}
