import type { MissingEvidence, Unit } from "./decision.ts";
import type { Moment } from "./gate.ts";
import type { KubernetesObject } from "./kubernetes.ts";
import type { Policy, Requirement } from "./policy.ts";
import type { Run, Target } from "./run.ts";

/** Everything evidence is judged by, read once before judging. Times are those of the objects; `now` is the gate's clock. */
export interface EvidenceFacts {
  readonly now: Date;
  /** a Pod's start is the moment of truth: freshness may be twice the policy's N there */
  readonly moment: Moment;
  /** annotations that may carry approvals and plans: the object in Git, and its owners up to the CronJob */
  readonly annotations: Readonly<Record<string, string>>;
  readonly policy: Policy;
  readonly recovery: RecoveryFacts | null;
}

/** What is known about the way back for one target Cluster. */
export interface RecoveryFacts {
  readonly target: Target;
  /** null: not found */
  readonly cluster: KubernetesObject | null;
  readonly backups: readonly KubernetesObject[];
  readonly objectStores: readonly KubernetesObject[];
  readonly volumeSnapshots: readonly KubernetesObject[];
  /** reads that failed, in words; any of them means unknown, never fine */
  readonly problems: readonly string[];
}

export interface Claim {
  readonly requirement: Requirement;
  /** the units this requirement was priced on */
  readonly units: readonly Unit[];
  readonly run: Run | null;
  readonly target: Target | null;
}

export type Verification =
  | { readonly holds: true; readonly proof: string }
  | { readonly holds: false; readonly missing: MissingEvidence };

/** Catalogue entry: one kind of evidence, one file. Pure: facts in, answer out. */
export interface EvidenceKind {
  readonly id: Requirement["evidence"];
  readonly title: string;
  /** what it proves */
  readonly proves: string;
  /** how to get it */
  readonly obtain: string;
  verify(claim: Claim, facts: EvidenceFacts): Verification;
}
