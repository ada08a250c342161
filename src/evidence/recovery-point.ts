import type { MissingEvidence } from "../model/decision.ts";
import type { Claim, EvidenceFacts, EvidenceKind, RecoveryFacts, Verification } from "../model/evidence.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import type { Requirement } from "../model/policy.ts";
import { archiveOf } from "./recovery/archive.ts";
import { noneRecent } from "./recovery/backup-recent.ts";
import type { Blocker, RecoveryContext } from "./recovery/check.ts";
import { backupChecks, clusterChecks } from "./recovery/index.ts";
import { backupsOf, clusterText, endedAt, methodOf } from "./recovery/reading.ts";
import { waitingBackup } from "./recovery/waiting-backup.ts";

type RecoveryRequirement = Extract<Requirement, { evidence: "recovery-point" }>;

/** Arm B: a Backup of this very Cluster, taken on its primary, that ended recently and can still be restored. */
export const recoveryPoint: EvidenceKind = {
  id: "recovery-point",
  title: "Recovery point",
  proves:
    "the target Cluster can be restored to just before the run: a fresh Backup of it exists, and nothing spoils it",
  obtain: "kubectl cnpg backup <cluster> -n <namespace> --backup-target primary",
  verify(claim, facts) {
    if (claim.requirement.evidence !== "recovery-point")
      throw new Error(`recovery-point cannot prove ${claim.requirement.evidence}`);
    const { recovery } = facts;
    if (claim.target === null)
      return missing(claim, {
        reason: "the target is not known, so no Backup can be tied to it",
        remedy: "name it first: migration-gate.dev/target: <namespace>/<cluster>",
      });
    const known = recovery === null ? { problem: "nothing is known about it" } : judged(recovery);
    if ("problem" in known)
      return missing(claim, {
        reason: `Backups of Cluster ${claim.target.namespace}/${claim.target.cluster} cannot be judged: ${known.problem}`,
        remedy: "only once that is mended",
      });
    return verifyKnown(claim, contextOf(claim.requirement, known.cluster, known.recovery, facts));
  },
};

type Judged = { readonly problem: string } | { readonly cluster: KubernetesObject; readonly recovery: RecoveryFacts };

function judged(recovery: RecoveryFacts): Judged {
  if (recovery.problems.length > 0) return { problem: [...recovery.problems].sort().join("; ") };
  return recovery.cluster === null
    ? { problem: "the Cluster does not exist" }
    : { cluster: recovery.cluster, recovery };
}

function contextOf(
  requirement: RecoveryRequirement,
  cluster: KubernetesObject,
  recovery: RecoveryFacts,
  { now, moment, policy }: EvidenceFacts,
): RecoveryContext {
  const seconds = Math.max(0, ...requirement.arms.map(({ backupWithinSeconds }) => backupWithinSeconds));
  return {
    facts: recovery,
    cluster,
    archive: archiveOf(cluster),
    now: now.getTime(),
    skew: policy.clockSkewSeconds * 1000,
    within: seconds * 1000 * (moment === "pod-start" ? 2 : 1),
  };
}

function verifyKnown(claim: Claim, context: RecoveryContext): Verification {
  for (const { check } of clusterChecks) {
    const blocker = check(context);
    if (blocker !== null) return missing(claim, blocker);
  }
  const candidates = backupsOf(context)
    .map((backup) => candidateOf(backup, context))
    .sort(nearestFirst);
  const [nearest] = candidates;
  if (nearest !== undefined && nearest.blocker === null)
    return { holds: true, proof: proofOf(nearest.backup, context) };
  // what keeps a new Backup from being taken comes first: taking one is the remedy for all the rest
  const near = nearest !== undefined && nearest.passed > remoteChecks ? nearest.blocker : null;
  return missing(claim, waitingBackup(context) ?? near ?? noneRecent(context));
}

/** A Backup that is not completed or too old says nothing worth reporting by itself. */
const remoteChecks = 1;

interface Candidate {
  readonly backup: KubernetesObject;
  readonly passed: number;
  readonly blocker: Blocker | null;
  readonly ended: number;
}

function candidateOf(backup: KubernetesObject, context: RecoveryContext): Candidate {
  const ended = endedAt(backup, context) ?? 0;
  for (const [passed, { check }] of backupChecks.entries()) {
    const blocker = check(backup, context);
    if (blocker !== null) return { backup, passed, blocker, ended };
  }
  return { backup, passed: backupChecks.length, blocker: null, ended };
}

function nearestFirst(left: Candidate, right: Candidate): number {
  const byName = left.backup.metadata.name < right.backup.metadata.name ? -1 : 1;
  return right.passed - left.passed || right.ended - left.ended || byName;
}

function proofOf(backup: KubernetesObject, context: RecoveryContext): string {
  const ended = new Date(endedAt(backup, context) ?? 0).toISOString();
  return `Backup ${backup.metadata.name} (${methodOf(backup)}) of ${clusterText(context)}, ended ${ended}`;
}

function missing(claim: Claim, { reason, remedy }: Blocker): Verification {
  const digests = claim.units.map(({ digest }) => digest);
  const evidence: MissingEvidence = { evidence: "recovery-point", reason, remedy, atSync: true, digests };
  return { holds: false, missing: evidence };
}
