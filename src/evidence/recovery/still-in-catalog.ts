import { valueAt } from "../../model/fields.ts";
import type { KubernetesObject } from "../../model/kubernetes.ts";
import type { BackupCheck, RecoveryContext } from "./check.ts";
import { backupName, endedAt, methodOf, objectStoreOf, startedAt, timeOf } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** The Backup object can outlive its files: what the store itself lists must cover it. */
export const stillInCatalog: BackupCheck = {
  id: "still-in-catalog",
  why: "files deleted in the bucket are noticed by the store's catalog only, not by the Backup",
  check(backup, context) {
    switch (methodOf(backup)) {
      case "plugin":
        return coveredByStore(backup, context)
          ? null
          : {
              reason: `${backupName(backup)} is not in its ObjectStore's recovery window`,
              remedy: takeBackup(context, "unless the one just taken shows up there within a minute"),
            };
      case "barmanObjectStore":
        return coveredByCluster(backup, context)
          ? null
          : { reason: `${backupName(backup)} is no longer in the store's catalog`, remedy: takeBackup(context) };
      default:
        return null;
    }
  },
};

/** One backup runs at a time: a success noted after this one began is this one, or a later one. */
function coveredByStore(backup: KubernetesObject, context: RecoveryContext): boolean {
  const { archive, skew } = context;
  if (archive.kind !== "plugin") return false;
  const window = valueAt(objectStoreOf(context), "status", "serverRecoveryWindow", archive.server);
  const first = timeOf(valueAt(window, "firstRecoverabilityPoint"));
  const last = timeOf(valueAt(window, "lastSuccessfulBackupTime"));
  const started = startedAt(backup);
  const ended = endedAt(backup, context);
  if (first === null || last === null || started === null || ended === null) return false;
  return first <= ended + skew && last >= started;
}

/** Only a veto: the field is deprecated and may be absent. */
function coveredByCluster(backup: KubernetesObject, context: RecoveryContext): boolean {
  const byMethod = valueAt(context.cluster, "status", "firstRecoverabilityPointByMethod", "barmanObjectStore");
  const first = timeOf(byMethod);
  const ended = endedAt(backup, context);
  return first === null || (ended !== null && first <= ended + context.skew);
}
