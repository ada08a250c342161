import { items, textAt, textOf, valueAt } from "../../model/fields.ts";
import type { KubernetesObject } from "../../model/kubernetes.ts";
import type { RecoveryContext } from "./check.ts";

/** Methods a Backup can have; the in-tree store is CloudNativePG's default. */
type BackupMethod = "barmanObjectStore" | "plugin" | "volumeSnapshot";

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Kubernetes' time in milliseconds, null if the value is none. */
export function timeOf(value: unknown): number | null {
  const text = textOf(value);
  const time = rfc3339.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

/** null: a method this version does not know. */
export function methodOf(backup: KubernetesObject): BackupMethod | null {
  const method = textAt(backup, "status", "method") || textAt(backup, "spec", "method") || "barmanObjectStore";
  return method === "barmanObjectStore" || method === "plugin" || method === "volumeSnapshot" ? method : null;
}

/** Snapshots taken with PostgreSQL shut down restore without any WAL. */
export function isCold(backup: KubernetesObject): boolean {
  return methodOf(backup) === "volumeSnapshot" && valueAt(backup, "status", "online") === false;
}

export function startedAt(backup: KubernetesObject): number | null {
  return timeOf(valueAt(backup, "status", "startedAt"));
}

/**
 * The moment a Backup stands for. Of snapshots it is the oldest one's cut: their `stoppedAt` is when the storage had
 * finished, which can be hours later.
 */
export function endedAt(backup: KubernetesObject, { facts }: Pick<RecoveryContext, "facts">): number | null {
  const stopped = timeOf(valueAt(backup, "status", "stoppedAt"));
  if (methodOf(backup) !== "volumeSnapshot" || stopped === null) return stopped;
  const names = items(valueAt(backup, "status", "snapshotBackupStatus", "elements")).map((one) => textAt(one, "name"));
  const cuts = facts.volumeSnapshots
    .filter(({ metadata }) => metadata.namespace === backup.metadata.namespace && names.includes(metadata.name))
    .map((snapshot) => timeOf(valueAt(snapshot, "status", "creationTime")) ?? stopped);
  return Math.min(stopped, ...cuts);
}

/** Backups of the Cluster in question, whatever became of them. */
export function backupsOf({ facts, cluster }: RecoveryContext): readonly KubernetesObject[] {
  return facts.backups.filter(
    (backup) =>
      backup.metadata.namespace === cluster.metadata.namespace &&
      textAt(backup, "spec", "cluster", "name") === cluster.metadata.name,
  );
}

/** The ObjectStore the Cluster archives to, undefined if it does not exist or the archive is another. */
export function objectStoreOf({ facts, cluster, archive }: RecoveryContext): KubernetesObject | undefined {
  if (archive.kind !== "plugin") return undefined;
  return facts.objectStores.find(
    ({ metadata }) => metadata.name === archive.objectStore && metadata.namespace === cluster.metadata.namespace,
  );
}

/** A condition of the Cluster, undefined if it has none of this type. */
export function conditionOf(cluster: KubernetesObject, type: string): unknown {
  return items(valueAt(cluster, "status", "conditions")).find((condition) => textAt(condition, "type") === type);
}

/** "Backup before-0042" */
export function backupName(backup: KubernetesObject): string {
  return `Backup ${backup.metadata.name}`;
}

/** "Cluster production/app-postgres" */
export function clusterText({ cluster }: Pick<RecoveryContext, "cluster">): string {
  return `Cluster ${cluster.metadata.namespace ?? ""}/${cluster.metadata.name}`;
}
