import { valueAt } from "../../model/fields.ts";
import type { BackupCheck } from "./check.ts";
import { backupName } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** Point-in-time recovery does not cross major versions. Operators that note neither version cannot upgrade in place. */
export const sameMajorVersion: BackupCheck = {
  id: "same-major-version",
  why: "a Backup of another PostgreSQL major version cannot be rolled forward to the run",
  check(backup, context) {
    const then = valueAt(backup, "status", "majorVersion");
    const now = valueAt(context.cluster, "status", "pgDataImageInfo", "majorVersion");
    if (then === now) return null;
    return { reason: `${backupName(backup)} is of another PostgreSQL major version`, remedy: takeBackup(context) };
  },
};
