import type { ClusterCheck } from "./check.ts";
import { clusterText, objectStoreOf } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** Without an archiver CloudNativePG reports success for every WAL file and drops it. */
export const archiverConfigured: ClusterCheck = {
  id: "archiver-configured",
  why: "without exactly one WAL archiver the WAL is thrown away, while every condition still says that archiving works",
  check(context) {
    const { archive } = context;
    const again = takeBackup(context, "once spec.backup.barmanObjectStore or one plugin with isWALArchiver is there");
    if (archive.kind === "none") return { reason: `${clusterText(context)} ${archive.reason}`, remedy: again };
    if (archive.kind === "in-tree") return null;
    const store = objectStoreOf(context);
    const name = `ObjectStore ${archive.objectStore}`;
    if (store === undefined)
      return {
        reason: `${name} does not exist, so WAL cannot be archived`,
        remedy: takeBackup(context, "once it exists"),
      };
    return store.metadata.deletionTimestamp === undefined
      ? null
      : { reason: `${name} is being deleted`, remedy: takeBackup(context, "once it exists again") };
  },
};
