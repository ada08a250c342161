import { textAt } from "../../model/fields.ts";
import type { BackupCheck, RecoveryContext } from "./check.ts";
import { backupName, endedAt, methodOf, objectStoreOf } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

const hour = 3_600_000;
const units: Readonly<Record<string, number>> = { d: 24 * hour, w: 7 * 24 * hour, m: 30 * 24 * hour };
/** a restore must be thought of, decided and read from the store before the retention job comes by */
const horizon = hour;

/** What retention is about to delete is no way back. */
export const retained: BackupCheck = {
  id: "retained",
  why: "a Backup about to expire may be deleted while it is needed",
  check(backup, context) {
    if (methodOf(backup) === "volumeSnapshot") return null;
    const retention = retentionOf(context);
    const ended = endedAt(backup, context);
    if (retention === null) return null;
    if (ended !== null && ended + retention > context.now + horizon) return null;
    return { reason: `${backupName(backup)} is about to expire by the retention policy`, remedy: takeBackup(context) };
  },
};

/** In milliseconds; null: kept for ever; one that cannot be read keeps nothing. */
function retentionOf(context: RecoveryContext): number | null {
  const policy =
    context.archive.kind === "plugin"
      ? textAt(objectStoreOf(context), "spec", "retentionPolicy")
      : textAt(context.cluster, "spec", "backup", "retentionPolicy");
  if (policy === "") return null;
  const match = /^([1-9]\d*)([dwm])$/.exec(policy);
  return Number(match?.[1] ?? 0) * (units[match?.[2] ?? ""] ?? 0);
}
