import type { BackupCheck } from "./check.ts";
import { backupName, endedAt, startedAt } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** A Backup from the future is a wrong clock or a forged status: its age means nothing. */
export const backupDated: BackupCheck = {
  id: "backup-dated",
  why: "without a believable start and end nothing can be said about what lies between the Backup and the run",
  check(backup, context) {
    const started = startedAt(backup);
    const ended = endedAt(backup, context);
    if (started === null || ended === null)
      return { reason: `${backupName(backup)} does not say when it began and ended`, remedy: takeBackup(context) };
    if (ended > context.now + context.skew)
      return {
        reason: `${backupName(backup)} is dated in the future: a clock is wrong`,
        remedy: takeBackup(context, "once the clocks agree"),
      };
    return started > ended + context.skew
      ? { reason: `${backupName(backup)} ended before it began: a clock is wrong`, remedy: takeBackup(context) }
      : null;
  },
};
