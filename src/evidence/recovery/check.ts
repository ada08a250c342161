import type { RecoveryFacts } from "../../model/evidence.ts";
import type { KubernetesObject } from "../../model/kubernetes.ts";
import type { Archive } from "./archive.ts";

/** What recovery points are judged by, whatever the arm. Times are milliseconds. */
export interface RecoveryContext {
  readonly facts: RecoveryFacts;
  readonly cluster: KubernetesObject;
  readonly archive: Archive;
  readonly now: number;
  /** how far the gate's clock and the cluster's may be apart */
  readonly skew: number;
  /** how long ago a Backup may have ended */
  readonly within: number;
}

/** Why there is no recovery point, without ages, times and ids, and the exact way to one. */
export interface Blocker {
  readonly reason: string;
  readonly remedy: string;
}

/** One thing that must hold of the Cluster before any of its Backups counts. */
export interface ClusterCheck {
  readonly id: string;
  readonly why: string;
  check(context: RecoveryContext): Blocker | null;
}

/** One thing that must hold of a Backup. It is asked only of Backups that passed the checks before it. */
export interface BackupCheck {
  readonly id: string;
  readonly why: string;
  check(backup: KubernetesObject, context: RecoveryContext): Blocker | null;
}
