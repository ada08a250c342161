import { fields, items, textAt, valueAt } from "../../model/fields.ts";
import type { KubernetesObject } from "../../model/kubernetes.ts";
import type { BackupCheck, RecoveryContext } from "./check.ts";
import { backupName, methodOf } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** A Backup stays completed after its snapshots are gone: each one is looked at. */
export const snapshotsUsable: BackupCheck = {
  id: "snapshots-usable",
  why: "every volume of the Cluster needs a snapshot that exists, is ready and is bound",
  check(backup, context) {
    if (methodOf(backup) !== "volumeSnapshot") return null;
    const elements = items(valueAt(backup, "status", "snapshotBackupStatus", "elements"));
    const missing = volumesOf(context.cluster).find(
      (volume) => elements.filter((one) => volumeOf(one) === volume).length !== 1,
    );
    if (missing !== undefined)
      return { reason: `${backupName(backup)} has no snapshot of ${missing}`, remedy: takeBackup(context) };
    const bad = elements.map((element) => textAt(element, "name")).find((name) => !isUsable(name, backup, context));
    if (bad === undefined) return null;
    return {
      reason: `VolumeSnapshot ${bad} of ${backupName(backup)} is missing or not ready`,
      remedy: takeBackup(context),
    };
  },
};

/** "PG_DATA", "PG_WAL", "PG_TABLESPACE reports" */
function volumesOf(cluster: KubernetesObject): readonly string[] {
  const wal = Object.keys(fields(valueAt(cluster, "spec", "walStorage"))).length > 0 ? ["PG_WAL"] : [];
  const tablespaces = items(valueAt(cluster, "spec", "tablespaces")).map(
    (one) => `PG_TABLESPACE ${textAt(one, "name")}`,
  );
  return ["PG_DATA", ...wal, ...tablespaces];
}

function volumeOf(element: unknown): string {
  return `${textAt(element, "type")} ${textAt(element, "tablespaceName")}`.trim();
}

function isUsable(name: string, backup: KubernetesObject, { facts }: RecoveryContext): boolean {
  const snapshot = facts.volumeSnapshots.find(
    ({ metadata }) => metadata.name === name && metadata.namespace === backup.metadata.namespace,
  );
  const error = valueAt(snapshot, "status", "error");
  return (
    snapshot !== undefined &&
    snapshot.metadata.deletionTimestamp === undefined &&
    valueAt(snapshot, "status", "readyToUse") === true &&
    (error === undefined || error === null) &&
    textAt(snapshot, "status", "boundVolumeSnapshotContentName") !== ""
  );
}
