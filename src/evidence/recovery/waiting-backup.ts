import { textAt } from "../../model/fields.ts";
import type { KubernetesObject } from "../../model/kubernetes.ts";
import type { Blocker, RecoveryContext } from "./check.ts";
import { backupName, backupsOf, timeOf } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** Phases that CloudNativePG neither ends nor skips: such a Backup keeps every later one pending. */
const stuckPhases: readonly string[] = ["walArchivingFailing", "invalid backup definition"];
const waitingPhases: readonly string[] = ["", "pending", "finalizing"];
const workingPhases: readonly string[] = ["started", "running"];

/** A Backup that stands in the way of new ones, or one under way that is worth waiting for; null if there is none. */
export function waitingBackup(context: RecoveryContext): Blocker | null {
  const backups = [...backupsOf(context)].sort(byAge);
  const stuck = backups.find((backup) => isStuck(backup, context));
  if (stuck !== undefined)
    return {
      reason: `${backupName(stuck)} is stuck (${phaseOf(stuck) || "pending"}) and keeps every later one waiting`,
      remedy: takeBackup(
        context,
        `after kubectl delete backup ${stuck.metadata.name} -n ${stuck.metadata.namespace ?? "default"} and mending what it waits for`,
      ),
    };
  const working = backups.find((backup) => [...workingPhases, ...waitingPhases].includes(phaseOf(backup)));
  if (working === undefined) return null;
  return {
    reason: `${backupName(working)} is not completed yet`,
    remedy: `kubectl wait backup/${working.metadata.name} -n ${working.metadata.namespace ?? "default"} --for=jsonpath={.status.phase}=completed`,
  };
}

function phaseOf(backup: KubernetesObject): string {
  return textAt(backup, "status", "phase");
}

/** One that only waits is stuck once a backup taken when it was made would be too old anyway. */
function isStuck(backup: KubernetesObject, { now, within }: RecoveryContext): boolean {
  if (stuckPhases.includes(phaseOf(backup))) return true;
  const made = timeOf(backup.metadata.creationTimestamp);
  return waitingPhases.includes(phaseOf(backup)) && (made === null || now - made > within);
}

function byAge(left: KubernetesObject, right: KubernetesObject): number {
  const time = (backup: KubernetesObject) => timeOf(backup.metadata.creationTimestamp) ?? 0;
  return time(left) - time(right) || (left.metadata.name < right.metadata.name ? -1 : 1);
}
