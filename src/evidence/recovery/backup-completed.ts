import { textAt } from "../../model/fields.ts";
import type { BackupCheck } from "./check.ts";
import { backupName, methodOf } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** `completed` is the only phase from which CloudNativePG itself would recover. */
export const backupCompleted: BackupCheck = {
  id: "backup-completed",
  why: "only a completed Backup can be recovered from",
  check(backup, context) {
    const isThere =
      textAt(backup, "status", "phase") === "completed" && backup.metadata.deletionTimestamp === undefined;
    const hasId = methodOf(backup) === "volumeSnapshot" || textAt(backup, "status", "backupId") !== "";
    if (isThere && hasId) return null;
    return { reason: `${backupName(backup)} is not completed`, remedy: takeBackup(context) };
  },
};
