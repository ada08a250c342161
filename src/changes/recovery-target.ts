import { type Fields, fieldsAt, textAt, valueAt } from "./fields.ts";

/**
 * A target time in UTC that ends in `Z`, or that CNPG rewrites so (RFC 3339 with a zero offset): PostgreSQL does not start
 * with it under CNPG 1.28, and starts under 1.30 (cluster.md section 5). The operator's version is not known here.
 */
export function isTimeTrap(targetTime: string): boolean {
  return /z$/i.test(targetTime) || /^\d{4}-\d{2}-\d{2}t.*[+-]00:?00$/i.test(targetTime);
}

/** The kind of target that needs a backupID to start from, "" if none does. Volume snapshots are the start themselves. */
export function targetWithoutBackup(recovery: Fields): string {
  const target = fieldsAt(recovery, "recoveryTarget");
  if (textAt(target, "backupID") !== "" || valueAt(recovery, "volumeSnapshots") !== undefined) return "";
  const kinds = ["targetName", "targetXID", "targetImmediate"];
  return kinds.find((kind) => Boolean(valueAt(target, kind))) ?? "";
}
