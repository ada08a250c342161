import type { Unit } from "../model/decision.ts";
import type { EvidenceFacts, EvidenceKind } from "../model/evidence.ts";
import type { Requirement } from "../model/policy.ts";
import { type Approval, parseTime } from "./approval-annotation.ts";
import { type Consent, readConsents } from "./consent.ts";

type ApprovalRequirement = Extract<Requirement, { evidence: "approval" }>;
type RecoveryRequirement = Extract<Requirement, { evidence: "recovery-point" }>;
type Given = Extract<Consent, { kind: "given" }>;

/** Enough known people consent to exactly this. Unit by unit: consent to one of two is no consent to the other. */
export const approval: EvidenceKind = {
  id: "approval",
  title: "Approval",
  proves:
    "as many different approvers as the policy asks for consent to exactly this unit: its SQL, settings, tool, options and target",
  obtain: "migration-gate approve <digest> --as <you>, then commit the annotation it writes",
  verify({ requirement, units }, facts) {
    if (requirement.evidence !== "approval") throw new Error(`approval cannot prove ${requirement.evidence}`);
    const consents = readConsents(facts);
    const judged = consents.map((consent) => (consent.kind === "given" ? admit(consent, requirement, facts) : consent));
    const given = judged.filter((consent) => consent.kind === "given");
    const short = units.filter((unit) => approversOf(unit, given).length < requirement.count);
    if (short.length === 0) return { holds: true, proof: proofOf(units, given) };
    const digests = [...new Set(short.map(({ digest }) => digest))];
    const reason = [shortage(short, given, requirement), ...few(reasonsOf(judged, short))].join("; ");
    const remedy = `migration-gate approve ${digests.join(",")} --as <you>`;
    return { holds: false, missing: { evidence: "approval", reason, remedy, atSync: false, digests } };
  },
};

/**
 * The approvals that may stand in for a recovery point, null if none may. `others` are the requirements on the same
 * units: `withoutRecovery` is that many people more than they ask for anyway, so it is never paid with the same consent.
 */
export function standInApproval(
  { withoutRecovery }: RecoveryRequirement,
  others: readonly Requirement[],
): ApprovalRequirement | null {
  if (withoutRecovery === null) return null;
  const asked = others.filter((other) => other.evidence === "approval");
  const largest = (group: string) => Math.max(0, ...asked.filter((o) => o.group === group).map(({ count }) => count));
  const groups = [...new Set(asked.map(({ group }) => group))].filter((group) => group !== "");
  const named = groups.reduce((sum, group) => sum + largest(group), 0);
  return {
    evidence: "approval",
    count: Math.max(named, largest("")) + withoutRecovery,
    group: "",
    withinSeconds: null,
  };
}

/** Is this person asked, and is the approval young enough? */
function admit(consent: Given, requirement: ApprovalRequirement, facts: EvidenceFacts): Consent {
  const { approver } = consent;
  const refuse = (reason: string): Consent => ({ kind: "void", reason });
  if (requirement.group !== "" && !approver.groups.includes(requirement.group)) {
    return refuse(`${approver.id} is not in group ${requirement.group}`);
  }
  if (requirement.withinSeconds === null) return consent;
  const age = ageOf(consent.approval, facts.now);
  if (age === null) return refuse(`${approver.id}'s approval does not say when it was given (at=)`);
  const bound = facts.moment === "pod-start" ? 2 * requirement.withinSeconds : requirement.withinSeconds;
  return age <= bound ? consent : refuse(`${approver.id}'s approval is older than the policy allows`);
}

/** In seconds; null if the approval has no date. */
function ageOf({ at }: Approval, now: Date): number | null {
  const given = at === null ? null : parseTime(at);
  return given === null ? null : (now.getTime() - given) / 1000;
}

function approversOf(unit: Unit, given: readonly Given[]): readonly string[] {
  return given.filter((consent) => consent.approval.digests.includes(unit.digest)).map(({ approver }) => approver.id);
}

function proofOf(units: readonly Unit[], given: readonly Given[]): string {
  return `approved by ${[...new Set(units.flatMap((unit) => approversOf(unit, given)))].toSorted().join(", ")}`;
}

/** "1 of 2 (dba)": of the unit that has the fewest. */
function shortage(short: readonly Unit[], given: readonly Given[], { count, group }: ApprovalRequirement): string {
  const fewest = Math.min(...short.map((unit) => approversOf(unit, given).length));
  return group === "" ? `${fewest} of ${count}` : `${fewest} of ${count} (${group})`;
}

/** Why what is there does not count: it is void, or it is for something else than what is short. */
function reasonsOf(judged: readonly Consent[], short: readonly Unit[]): readonly string[] {
  return judged.flatMap((consent) => {
    if (consent.kind === "void") return [consent.reason];
    if (short.some((unit) => consent.approval.digests.includes(unit.digest))) return [];
    return [`${consent.approver.id} approved something else, or it changed since`];
  });
}

function few(reasons: readonly string[]): readonly string[] {
  const more = reasons.length - 3;
  return more > 0 ? [...reasons.slice(0, 3), `and ${more} more`] : reasons;
}
