import { valueAt } from "../../model/fields.ts";
import type { KubernetesObject } from "../../model/kubernetes.ts";
import type { BackupCheck, RecoveryContext } from "./check.ts";
import { backupName, isCold, methodOf } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** Base backups to a store always wait for their last WAL file; a hot snapshot can be told not to. */
export const endArchived: BackupCheck = {
  id: "end-archived",
  why: "a hot snapshot restores only with the WAL up to its end, and `waitForArchive: false` does not wait for it",
  check(backup, context) {
    if (methodOf(backup) !== "volumeSnapshot" || isCold(backup) || waited(backup, context)) return null;
    return {
      reason: `${backupName(backup)} did not wait for its last WAL to be archived`,
      remedy: takeBackup(context, "without waitForArchive: false"),
    };
  },
};

/** The Backup's own setting goes before the Cluster's; both default to waiting. */
function waited(backup: KubernetesObject, { cluster }: RecoveryContext): boolean {
  const own = valueAt(backup, "spec", "onlineConfiguration", "waitForArchive");
  const general = valueAt(cluster, "spec", "backup", "volumeSnapshot", "onlineConfiguration", "waitForArchive");
  return (own ?? general) !== false;
}
