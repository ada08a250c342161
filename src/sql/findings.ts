import type { Rule, SubjectHit } from "../model/rule.ts";
import type { RuleHit } from "../model/sql.ts";
import { withoutMarkers } from "./markers.ts";
import type { TrackedState } from "./run-state.ts";

/** A rule's hit before its text has ended. */
export interface OpenHit {
  readonly rule: Rule;
  readonly hit: SubjectHit;
  readonly place: Pick<RuleHit, "subject" | "display" | "line" | "column">;
  /** see SqlText.markers */
  readonly markers: readonly string[];
  /** the migration whose guard it stands in, see TrackedState.enter */
  readonly migration: string | null;
}

/** A hit that rests on a function which any text of the run may define. */
interface WaitingHit {
  readonly hit: RuleHit;
  readonly onFunction: NonNullable<SubjectHit["onFunction"]>;
}

/** What one text, or the body of one function, has been found to do. */
export interface Findings {
  readonly hits: RuleHit[];
  readonly open: OpenHit[];
  readonly waiting: WaitingHit[];
  readonly opaque: { readonly line: number; readonly reason: string }[];
  /** names of functions, procedures and triggers it calls, schema apart */
  readonly calls: Set<string>;
  /** calls for their effect (CALL, SELECT, PERFORM) of functions that may be defined nowhere in sight */
  readonly unproven: { readonly name: string; readonly line: number }[];
  changesSchema: boolean;
}

/** A function that the request defines; what its body does counts once something calls it. */
export interface DefinedFunction {
  readonly name: string;
  /** a trigger function that answers NULL and does nothing else: no row gets past it */
  readonly discards: boolean;
  readonly findings: Findings;
  /** findings of the text that defines it */
  readonly home: Findings;
  /** its definition was rolled back: what a call of that name runs is out of sight */
  isUndone: boolean;
}

/** Nothing found yet. */
export function emptyFindings(): Findings {
  return { hits: [], open: [], waiting: [], opaque: [], calls: new Set(), unproven: [], changesSchema: false };
}

function toRuleHit({ rule, place, markers }: OpenHit, hit: SubjectHit): RuleHit {
  return {
    ...{ rule: rule.id, hazard: hit.hazard ?? rule.hazard, phase: rule.phase },
    ...place,
    ...{ why: hit.why ?? rule.why, instead: withoutMarkers(hit.instead ?? rule.instead, markers) },
  };
}

/** A text has ended: its hits as they stand now. A function's body (no state) ends nothing, so nothing is made good in it. */
export function settle(findings: Findings, state: TrackedState | null): void {
  for (const open of findings.open.splice(0)) {
    state?.enter(open.migration);
    const hit = state === null || open.hit.settle === undefined ? open.hit : open.hit.settle(state);
    if (hit === null) continue;
    if (hit.onFunction === undefined) findings.hits.push(toRuleHit(open, hit));
    else findings.waiting.push({ hit: toRuleHit(open, hit), onFunction: hit.onFunction });
  }
  state?.enter(null);
}

/** Drops the hits since `from` that the rollback of their transaction undoes. Locks are held and opacity stays all the same. */
export function dropUndone(findings: Findings, from: number): void {
  const isDone = ({ rule, hit }: OpenHit) =>
    hit.survivesRollback === true || ["availability", "opaque"].includes(hit.hazard ?? rule.hazard);
  findings.open.push(...findings.open.splice(from).filter(isDone));
}

/**
 * Bodies run when the request calls them, directly, in a trigger or through one another: theirs become findings of the
 * text that defines them. Overloads and schemas are not told apart: each function of a called name counts.
 */
export function addCalledFunctions(texts: readonly Findings[], functions: readonly DefinedFunction[]): void {
  const waiting = new Set(functions);
  const called = texts.flatMap((findings) => [...findings.calls]);
  for (let name = called.pop(); name !== undefined; name = called.pop()) {
    for (const defined of waiting) {
      if (defined.name !== name) continue;
      waiting.delete(defined);
      called.push(...defined.findings.calls);
      addTo(defined.home, defined.findings);
    }
  }
}

function addTo(home: Findings, { hits, waiting, opaque, unproven, changesSchema }: Findings): void {
  home.hits.push(...hits);
  home.waiting.push(...waiting);
  home.opaque.push(...opaque);
  home.unproven.push(...unproven);
  home.changesSchema ||= changesSchema;
}

/** A function that is called for what it does and is defined nowhere in the request may do anything. */
export function addUnseenFunctions(texts: readonly Findings[], functions: readonly DefinedFunction[]): void {
  const defined = new Set(functions.filter(({ isUndone }) => !isUndone).map(({ name }) => name));
  const discarding = new Set(functions.filter(({ discards }) => discards).map(({ name }) => name));
  for (const { unproven, opaque, hits, waiting } of texts) {
    const unseen = new Map(unproven.filter(({ name }) => !defined.has(name)).map(({ name, line }) => [name, line]));
    for (const [name, line] of unseen)
      opaque.push({ line, reason: `${name}() is defined elsewhere: what it does cannot be seen` });
    const stands = ({ onFunction: { name, when } }: WaitingHit) =>
      when === "discards" ? discarding.has(name) : !defined.has(name);
    hits.push(...waiting.filter(stands).map(({ hit }) => hit));
  }
}
