import type { Finding, Unit } from "../model/decision.ts";
import type { Claim } from "../model/evidence.ts";
import type { Policy, Price, RecoveryArm, Requirement } from "../model/policy.ts";
import type { Pricing } from "../model/pricing.ts";
import type { Run } from "../model/run.ts";

/**
 * Step 7: what does the policy of this target ask for these units? A rule's own price goes before its hazard's. Within
 * a unit sets of evidence add up and the dearer of two like requirements wins; units that ask for the same share a claim.
 */
export function require(units: readonly Unit[], policy: Policy, run: Run | null): Pricing {
  const findings = units.flatMap((unit) => unit.findings);
  const withAction = (action: Price["action"]) =>
    findings.filter((finding) => priceOf(finding, policy).action === action);
  const notes = units
    .filter((unit) => warnsOfSchema(unit, policy))
    .map((unit) => `changes the schema of ${describeTarget(unit)}`);
  return {
    claims: claimsOf(units, policy, run),
    // answers show the first few warnings only, and a note is the mildest
    warned: withAction("warn").toSorted(
      (one, other) => Number(one.hazard === "note") - Number(other.hazard === "note"),
    ),
    priced: withAction("require"),
    notes: [...new Set(notes)],
  };
}

function claimsOf(units: readonly Unit[], policy: Policy, run: Run | null): readonly Claim[] {
  const claims = new Map<string, Claim & { readonly units: Unit[] }>();
  for (const unit of units) {
    for (const requirement of requirementsOf(unit, policy)) {
      const key = JSON.stringify([requirement, unit.target]);
      const claim = claims.get(key) ?? { requirement, units: [], run, target: unit.target };
      claim.units.push(unit);
      claims.set(key, claim);
    }
  }
  return [...claims.values()];
}

function priceOf(finding: Finding, policy: Policy): Price {
  return policy.rules[finding.rule] ?? policy.hazards[finding.hazard];
}

function warnsOfSchema(unit: Unit, policy: Policy): boolean {
  return unit.changesSchema && unit.findings.length === 0 && policy.schemaChange.action === "warn";
}

function describeTarget(unit: Unit): string {
  return unit.target === null ? unit.origin.object : `Cluster ${unit.target.namespace}/${unit.target.cluster}`;
}

function requirementsOf(unit: Unit, policy: Policy): readonly Requirement[] {
  if (unit.findings.length === 0 && !unit.changesSchema) return [];
  const prices = unit.findings.map((finding) => priceOf(finding, policy));
  if (unit.changesSchema) prices.push(policy.schemaChange);
  const merged = new Map<string, Requirement>();
  for (const requirement of prices.flatMap((price) => (price.action === "require" ? price.require : []))) {
    const key = requirement.evidence === "approval" ? `approval ${requirement.group}` : requirement.evidence;
    merged.set(key, dearer(merged.get(key), requirement));
  }
  return [...merged.values()].filter((requirement) => !isCovered(requirement, [...merged.values()]));
}

/** Whoever is asked for from a group is also anybody: asking for both would read as two people. */
function isCovered(requirement: Requirement, all: readonly Requirement[]): boolean {
  if (requirement.evidence !== "approval" || requirement.group !== "") return false;
  const { count, withinSeconds } = requirement;
  return all.some(
    (other) =>
      other.evidence === "approval" &&
      other.group !== "" &&
      other.count >= count &&
      (withinSeconds === null || (other.withinSeconds !== null && other.withinSeconds <= withinSeconds)),
  );
}

function dearer(known: Requirement | undefined, other: Requirement): Requirement {
  if (known?.evidence === "approval" && other.evidence === "approval") {
    return {
      ...known,
      count: Math.max(known.count, other.count),
      withinSeconds: sooner(known.withinSeconds, other.withinSeconds),
    };
  }
  if (known?.evidence === "recovery-point" && other.evidence === "recovery-point") {
    return {
      ...known,
      arms: known.arms.map((arm) => stricterArm(arm, other.arms)),
      withoutRecovery: dearerSubstitute(known.withoutRecovery, other.withoutRecovery),
    };
  }
  return known ?? other;
}

function stricterArm(arm: RecoveryArm, others: readonly RecoveryArm[]): RecoveryArm {
  const bounds = others.filter((other) => other.arm === arm.arm).map((other) => other.backupWithinSeconds);
  return { ...arm, backupWithinSeconds: Math.min(arm.backupWithinSeconds, ...bounds) };
}

/** null asks for no bound at all. */
function sooner(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

/** null means: nothing stands in for a recovery point, which is the dearest. */
function dearerSubstitute(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Math.max(one, other);
}
