import { textAt, valueAt } from "../../model/fields.ts";
import type { KubernetesObject } from "../../model/kubernetes.ts";
import type { BackupCheck, RecoveryContext } from "./check.ts";
import { backupName, isCold, startedAt, timeOf } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** On a primary the end of a backup waits for its last WAL file to be archived; on a standby it does not. */
export const ranOnPrimary: BackupCheck = {
  id: "ran-on-primary",
  why: "a backup of a standby is completed without its last WAL file being archived, and without it nothing restores",
  check(backup, context) {
    if (isCold(backup) || isByPrimary(backup, context)) return null;
    return {
      reason: `${backupName(backup)} ran on a standby: its last WAL may not be archived`,
      remedy: takeBackup(context),
    };
  },
};

/** By order (`target: primary`), or because the Pod that made it has been the primary since before; never against the latter. */
function isByPrimary(backup: KubernetesObject, { cluster }: RecoveryContext): boolean {
  const pod = textAt(backup, "status", "instanceID", "podName");
  const since = timeOf(valueAt(cluster, "status", "currentPrimaryTimestamp"));
  const started = startedAt(backup);
  const isSettled = since !== null && started !== null && since <= started;
  if (isSettled && pod !== "") return pod === textAt(cluster, "status", "currentPrimary");
  return textAt(backup, "spec", "target") === "primary";
}
