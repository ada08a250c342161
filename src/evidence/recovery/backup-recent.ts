import type { BackupCheck, RecoveryContext } from "./check.ts";
import { endedAt } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** Age counts from the end: that is the earliest moment one can restore to. */
export const backupRecent: BackupCheck = {
  id: "backup-recent",
  why: "the policy bounds how long before the run the Backup may have ended",
  check(backup, context) {
    const ended = endedAt(backup, context);
    if (ended !== null && context.now - ended <= context.within) return null;
    return noneRecent(context);
  },
};

/** The reason when no Backup comes near: in the policy's bound, never in the age of what is there. */
export function noneRecent(context: Pick<RecoveryContext, "within" | "cluster" | "archive">) {
  return { reason: `none completed within ${bound(context.within / 1000)}`, remedy: takeBackup(context) };
}

function bound(seconds: number): string {
  if (seconds >= 7200 && seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
