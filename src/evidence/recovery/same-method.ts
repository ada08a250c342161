import { textAt, valueAt } from "../../model/fields.ts";
import type { KubernetesObject } from "../../model/kubernetes.ts";
import type { BackupCheck, RecoveryContext } from "./check.ts";
import { backupName, methodOf } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** A Backup by a method that the Cluster has left has its WAL in another archive. */
export const sameMethod: BackupCheck = {
  id: "same-method",
  why: "a Backup by a method that is no longer configured does not fit the archive in use",
  check(backup, context) {
    if (isConfigured(backup, context)) return null;
    return {
      reason: `${backupName(backup)} was taken by a method that the Cluster no longer uses`,
      remedy: takeBackup(context),
    };
  },
};

function isConfigured(backup: KubernetesObject, { cluster, archive }: RecoveryContext): boolean {
  switch (methodOf(backup)) {
    case "barmanObjectStore":
      return archive.kind === "in-tree";
    case "plugin":
      return archive.kind === "plugin" && pluginOf(backup) === archive.plugin;
    case "volumeSnapshot": {
      const section = valueAt(cluster, "spec", "backup", "volumeSnapshot");
      return section !== undefined && section !== null;
    }
    case null:
      return false;
  }
}

function pluginOf(backup: KubernetesObject): string {
  return textAt(backup, "spec", "pluginConfiguration", "name") || textAt(backup, "status", "pluginMetadata", "name");
}
