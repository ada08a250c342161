import { textAt } from "../../model/fields.ts";
import type { KubernetesObject } from "../../model/kubernetes.ts";
import type { BackupCheck } from "./check.ts";
import { backupName, clusterText, methodOf, timeOf } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** Backups outlive their Cluster: one of a deleted Cluster with the same name holds another database. */
export const sameIncarnation: BackupCheck = {
  id: "same-incarnation",
  why: "a Backup of a former Cluster with the same name holds that one's data",
  check(backup, context) {
    if (isOfThisCluster(backup, context.cluster)) return null;
    return {
      reason: `${backupName(backup)} is of a former ${clusterText(context)}`,
      remedy: takeBackup(context),
    };
  },
};

/** The plugin notes the Cluster's uid; the other methods only leave the order in which the two were made. */
function isOfThisCluster(backup: KubernetesObject, cluster: KubernetesObject): boolean {
  const backupMade = timeOf(backup.metadata.creationTimestamp);
  const clusterMade = timeOf(cluster.metadata.creationTimestamp);
  if (backupMade === null || clusterMade === null || backupMade < clusterMade) return false;
  const { uid } = cluster.metadata;
  return (
    methodOf(backup) !== "plugin" ||
    (uid !== undefined && textAt(backup, "status", "pluginMetadata", "clusterUID") === uid)
  );
}
