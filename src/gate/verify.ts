import { standInApproval } from "../evidence/approval.ts";
import type { MissingEvidence } from "../model/decision.ts";
import type { Claim, EvidenceFacts, EvidenceKind, RecoveryFacts } from "../model/evidence.ts";
import type { Target } from "../model/run.ts";

/**
 * Step 8: does each piece of evidence hold? Pure: facts were gathered before, once. A recovery point that cannot be had
 * may be replaced by extra approvals where the policy says so (`withoutRecovery`).
 */
export function verify(
  claims: readonly Claim[],
  kinds: readonly EvidenceKind[],
  facts: Omit<EvidenceFacts, "recovery">,
  recoveryOf: (target: Target) => RecoveryFacts | null,
): readonly MissingEvidence[] {
  return claims
    .map((claim) => ({ claim, recovery: claim.target === null ? null : recoveryOf(claim.target) }))
    .filter(({ claim, recovery }) => isAsked(claim, recovery, facts))
    .flatMap(({ claim, recovery }) => {
      const missing = verifyOne(claim, kinds, { ...facts, recovery });
      if (missing === null) return [];
      const substitute = substituteOf(claim, claims);
      if (substitute !== null && verifyOne(substitute, kinds, { ...facts, recovery }) === null) return [];
      return [missing];
    });
}

/**
 * A CronJob's backup is asked of each of its runs: at its own admission it would be stale before the first one. A change
 * that concerns no Cluster, or one that is only being created, has nothing to go back to.
 */
function isAsked(
  { requirement, units }: Claim,
  recovery: RecoveryFacts | null,
  { moment }: Pick<EvidenceFacts, "moment">,
): boolean {
  if (requirement.evidence !== "recovery-point") return true;
  const isGone = recovery === null || (recovery.cluster === null && recovery.problems.length === 0);
  return moment !== "schedule" && !(isGone && units.every(({ kind }) => kind === "change"));
}

function verifyOne(claim: Claim, kinds: readonly EvidenceKind[], facts: EvidenceFacts): MissingEvidence | null {
  const kind = kinds.find(({ id }) => id === claim.requirement.evidence);
  if (kind === undefined) throw new Error(`no evidence kind is called ${claim.requirement.evidence}`);
  const verification = kind.verify(claim, facts);
  return verification.holds ? null : verification.missing;
}

/** Where the policy lets people stand in for a recovery point: that many more than the same units are asked for anyway. */
function substituteOf(claim: Claim, claims: readonly Claim[]): Claim | null {
  const { requirement } = claim;
  if (requirement.evidence !== "recovery-point") return null;
  const digests = new Set(claim.units.map(({ digest }) => digest));
  const others = claims.filter(({ units }) => units.some(({ digest }) => digests.has(digest)));
  const substitute = standInApproval(
    requirement,
    others.map((other) => other.requirement),
  );
  return substitute === null ? null : { ...claim, requirement: substitute };
}
