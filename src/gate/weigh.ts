import { evidenceKinds } from "../evidence/index.ts";
import { readRecoveryFacts } from "../facts/recovery.ts";
import { type Scope, strictest } from "../facts/scope.ts";
import type { Decision, MissingEvidence, Unit } from "../model/decision.ts";
import type { RecoveryFacts } from "../model/evidence.ts";
import type { Moment } from "../model/gate.ts";
import type { ObjectRef } from "../model/kubernetes.ts";
import type { Policy } from "../model/policy.ts";
import type { Obstacle, Pricing } from "../model/pricing.ts";
import type { Run, Target } from "../model/run.ts";
import { selectPolicy } from "../policy.ts";
import type { World } from "../ports.ts";
import { decide } from "./decide.ts";
import { require } from "./require.ts";
import { verify } from "./verify.ts";

/** Units with everything their price and proof depend on. */
export interface Question {
  readonly object: ObjectRef;
  readonly run: Run | null;
  readonly units: readonly Unit[];
  /** the request's own namespace, and those of all targets */
  readonly own: Scope;
  readonly scopes: ReadonlyMap<string, Scope>;
  readonly moment: Moment;
  readonly annotations: Readonly<Record<string, string>>;
  readonly obstacles: readonly Obstacle[];
  /** digests of units whose target is only said, not known: the request's own namespace prices them as well */
  readonly claimed: ReadonlySet<string>;
  readonly provisional: ReadonlySet<string>;
  /** would run again at every sync; in words, "" if not */
  readonly repeats: string;
}

/** Steps 7 to 9, run and cluster change alike: each unit by the policy of its target's namespace, then one decision. */
export async function weigh(question: Question, world: World, signal: AbortSignal): Promise<Decision> {
  const { run, moment, annotations, object } = question;
  const pricings: Pricing[] = [];
  const missing: MissingEvidence[] = [];
  const obstacles: Obstacle[] = [...question.obstacles];
  const notes: string[] = [];
  const policies = new Set<string>();
  for (const [scope, units] of byScope(question)) {
    const selected = selectPolicy(world.policies(), scope.namespace, scope.labels);
    if ("problem" in selected) {
      obstacles.push(noPolicy(selected.problem));
      continue;
    }
    const { policy } = selected;
    policies.add(policy.name);
    const pricing = require(units, policy, run);
    pricings.push(pricing);
    const recovery = await recoveryOf(pricing, world, signal);
    missing.push(
      ...verify(pricing.claims, evidenceKinds, { now: world.clock.now(), moment, annotations, policy }, recovery),
    );
    if (pricing.priced.length + pricing.warned.length > 0)
      weighRepeat(question.repeats, units, policy, obstacles, notes);
  }
  return decide({
    object,
    mode: strictest([question.own.mode, ...[...question.scopes.values()].map(({ mode }) => mode)]),
    policy: [...policies].join(","),
    target: question.units.find(({ target }) => target !== null)?.target ?? null,
    units: question.units,
    pricing: together(pricings),
    missing,
    obstacles,
    notes,
    provisional: question.provisional,
    deferAtSync: world.offline,
  });
}

/**
 * Units by the namespace whose policy prices them: the target's, else the request's own; both where the target is only
 * said. Unlabelled namespaces price nothing.
 */
function byScope(question: Question): ReadonlyMap<Scope, readonly Unit[]> {
  const groups = new Map<Scope, Unit[]>();
  for (const unit of question.units) {
    for (const scope of scopesOf(unit, question)) {
      const group = groups.get(scope);
      if (group === undefined) groups.set(scope, [unit]);
      else group.push(unit);
    }
  }
  return groups;
}

function scopesOf(unit: Unit, { own, scopes, claimed }: Question): readonly Scope[] {
  const target = scopes.get(unit.target?.namespace ?? "") ?? own;
  const both = claimed.has(unit.digest) && target.namespace !== own.namespace ? [target, own] : [target];
  return both.filter(({ mode }) => mode !== "off");
}

async function recoveryOf(
  pricing: Pricing,
  world: World,
  signal: AbortSignal,
): Promise<(target: Target) => RecoveryFacts | null> {
  const facts = new Map<string, RecoveryFacts>();
  for (const { requirement, target } of pricing.claims) {
    if (requirement.evidence !== "recovery-point" || target === null || facts.has(nameOf(target))) continue;
    facts.set(nameOf(target), await readRecoveryFacts(target, world.reader, signal));
  }
  return (target) => facts.get(nameOf(target)) ?? null;
}

function nameOf({ namespace, cluster }: Target): string {
  return `${namespace}/${cluster}`;
}

/** It rests on what the run does: a dry-run over an old ConfigMap only warns of it. */
function weighRepeat(
  repeats: string,
  units: readonly Unit[],
  policy: Policy,
  obstacles: Obstacle[],
  notes: string[],
): void {
  if (repeats === "") return;
  if (policy.rerun === "warn") notes.push(`MG-RERUN: ${repeats}`);
  if (policy.rerun === "deny") {
    const remedy = "remove spec.ttlSecondsAfterFinished and give every migration a Job name of its own";
    const digests = units.filter(({ findings }) => findings.length > 0).map(({ digest }) => digest);
    obstacles.push({ evidence: "rerun", reason: repeats, remedy, atSync: false, digests });
  }
}

function noPolicy(reason: string): Obstacle {
  const remedy = "select the namespace in exactly one file under policies/";
  return { evidence: "policy", reason, remedy, atSync: false, digests: [] };
}

/** What one policy asks evidence for and another one only mentions is asked for, once. */
function together(pricings: readonly Pricing[]): Pricing {
  const priced = new Set(pricings.flatMap((pricing) => pricing.priced));
  const warned = new Set(pricings.flatMap((pricing) => pricing.warned));
  return {
    claims: pricings.flatMap(({ claims }) => claims),
    warned: [...warned].filter((finding) => !priced.has(finding)),
    priced: [...priced],
    notes: [...new Set(pricings.flatMap(({ notes }) => notes))],
  };
}
