import { textAt, valueAt } from "../../model/fields.ts";
import type { KubernetesObject } from "../../model/kubernetes.ts";
import type { BackupCheck, RecoveryContext } from "./check.ts";
import { backupName, backupsOf, conditionOf, endedAt, objectStoreOf, timeOf } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** A failure seen after the Backup says that something broke since: the store, its credentials, the archive. */
export const noLaterFailure: BackupCheck = {
  id: "no-later-failure",
  why: "a backup that failed later shows that the store may not be reachable any more",
  check(backup, context) {
    const ended = endedAt(backup, context) ?? 0;
    const failed = backupsOf(context).find((other) => isFailed(other) && failedAt(other) > ended);
    if (failed === undefined && failureNoted(context) < ended) return null;
    const which = failed === undefined ? "a backup" : backupName(failed);
    return {
      reason: `${which} failed after ${backupName(backup)} completed`,
      remedy: takeBackup(context, "once the cause of the failure is gone"),
    };
  },
};

function isFailed(backup: KubernetesObject): boolean {
  return textAt(backup, "status", "phase") === "failed";
}

/** The latest time it has; one without any counts as just now. */
function failedAt(backup: KubernetesObject): number {
  const times = ["stoppedAt", "reconciliationTerminatedAt", "startedAt", "reconciliationStartedAt"]
    .map((field) => timeOf(valueAt(backup, "status", field)))
    .concat(timeOf(backup.metadata.creationTimestamp))
    .filter((time) => time !== null);
  return times.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...times);
}

/** When the Cluster or its ObjectStore last noted a failure, 0 if never. A backup that has just begun also makes the condition False. */
function failureNoted(context: RecoveryContext): number {
  const { archive, cluster } = context;
  const condition = conditionOf(cluster, "LastBackupSucceeded");
  const isFailure = textAt(condition, "status") === "False" && textAt(condition, "reason") === "LastBackupFailed";
  const server = archive.kind === "plugin" ? archive.server : "";
  const noted = [
    valueAt(cluster, "status", "lastFailedBackup"),
    valueAt(objectStoreOf(context), "status", "serverRecoveryWindow", server, "lastFailedBackupTime"),
  ].map((time) => timeOf(time) ?? 0);
  const since = timeOf(valueAt(condition, "lastTransitionTime")) ?? Number.POSITIVE_INFINITY;
  return Math.max(isFailure ? since : 0, ...noted);
}
