import { textAt, valueAt } from "../../model/fields.ts";
import type { KubernetesObject } from "../../model/kubernetes.ts";
import type { BackupCheck } from "./check.ts";
import { backupName, isCold } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** A timeline above the Cluster's own belongs to a history that this Cluster has left, or never had. */
export const sameHistory: BackupCheck = {
  id: "same-history",
  why: "a Backup of a timeline that the Cluster has not reached is of another history",
  check(backup, context) {
    const current = valueAt(context.cluster, "status", "timelineID");
    const own = timelineOf(backup);
    if (own === null && isCold(backup)) return null;
    if (own !== null && typeof current === "number" && own <= current) return null;
    return { reason: `${backupName(backup)} is of another timeline than the Cluster`, remedy: takeBackup(context) };
  },
};

/** The first eight hexadecimal digits of a WAL file's name are its timeline. */
function timelineOf(backup: KubernetesObject): number | null {
  const wal = textAt(backup, "status", "beginWal");
  if (/^[0-9A-F]{24}$/.test(wal)) return Number.parseInt(wal.slice(0, 8), 16);
  const noted = textAt(backup, "status", "pluginMetadata", "timeline");
  return /^[1-9]\d*$/.test(noted) ? Number(noted) : null;
}
