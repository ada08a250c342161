import { valueAt } from "../../model/fields.ts";
import type { ClusterCheck } from "./check.ts";
import { clusterText } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

const skip = "cnpg.io/skipWalArchiving";

/** Archiving can be configured and yet be switched off; the condition stays True from before. */
export const archivingSwitchedOn: ClusterCheck = {
  id: "archiving-switched-on",
  why: "with archiving switched off no WAL after the Backup is kept, so its end may be missing too",
  check(context) {
    const { cluster } = context;
    if ((cluster.metadata.annotations?.[skip] ?? "") === "enabled")
      return {
        reason: `${clusterText(context)} archives no WAL: annotation ${skip}`,
        remedy: takeBackup(context, `once the annotation ${skip} is gone`),
      };
    const mode = valueAt(cluster, "spec", "postgresql", "parameters", "archive_mode");
    if (mode === undefined || ["on", "always", "true"].includes(String(mode))) return null;
    return {
      reason: `${clusterText(context)} archives no WAL: archive_mode is not on`,
      remedy: takeBackup(context, "once archive_mode is on"),
    };
  },
};
