import { approval } from "../evidence/approval.ts";
import { approvalPrefix } from "../evidence/approval-annotation.ts";
import { readConsents } from "../evidence/consent.ts";
import { require } from "../gate/require.ts";
import type { Unit } from "../model/decision.ts";
import type { Policy, Requirement } from "../model/policy.ts";
import type { FoundUnit } from "./find-units.ts";

/** An approval as it would be written: whose, and the annotation's value. */
export interface WrittenApproval {
  readonly approver: string;
  readonly value: string;
}

/**
 * Why the gate would count this approval for nothing, null if it counts or no policy can tell. Judged by the code that
 * judges it at admission, so that nobody commits and merges in vain.
 */
export function worthless(written: WrittenApproval, units: readonly FoundUnit[], now: Date): string | null {
  for (const unit of units) {
    const reason = unit.policy === null ? null : reasonOf(written, unit, unit.policy, now);
    if (reason !== null) return reason;
  }
  return null;
}

function reasonOf({ approver, value }: WrittenApproval, unit: Unit, policy: Policy, now: Date): string | null {
  const annotations = { [`${approvalPrefix}${approver}`]: value };
  const facts = { now, moment: "admission", annotations, policy, recovery: null } as const;
  const [consent] = readConsents(facts);
  if (consent?.kind === "void") return `${consent.reason}${known(approver, policy)}`;
  const claims = require([unit], policy, null).claims.flatMap((claim) =>
    ofOne(claim.requirement).map((requirement) => ({ ...claim, requirement })),
  );
  if (claims.length === 0 || claims.some((claim) => approval.verify(claim, facts).holds)) return null;
  const groups = claims.map(({ requirement }) => requirement.group).join(" or ");
  return `policy ${policy.name} asks for approvers in ${groups} for ${unit.covers}, and ${approver} is not one`;
}

type ApprovalRequirement = Extract<Requirement, { evidence: "approval" }>;

/** What one person's approval can be part of; where people may stand in for a recovery point, anyone's. */
function ofOne(requirement: Requirement): readonly ApprovalRequirement[] {
  if (requirement.evidence === "approval") return [{ ...requirement, count: 1 }];
  if (requirement.evidence !== "recovery-point" || requirement.withoutRecovery === null) return [];
  return [{ evidence: "approval", count: 1, group: "", withinSeconds: null }];
}

function known(approver: string, { approvers }: Policy): string {
  if (approvers.some(({ id }) => id === approver)) return "";
  return approvers.length === 0 ? ", which has none" : `, which has ${approvers.map(({ id }) => id).join(", ")}`;
}
