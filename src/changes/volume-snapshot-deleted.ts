import type { Change } from "../model/change.ts";
import { clusterOf, isDatabaseSnapshot } from "./cnpg-labels.ts";
import { deletionHit } from "./hits.ts";
import { deleted } from "./judged.ts";

/** DELETE of a snapshot made by CNPG; its Backup stays `completed` (cnpg.md section 1.5), and the operator never deletes one. */
export const volumeSnapshotDeleted: Change = {
  id: "volume-snapshot-deleted",
  title: "VolumeSnapshot of a database deleted",
  hazard: "recoverability",
  phase: "contract",
  resources: ["snapshot.storage.k8s.io/volumesnapshots"],
  operations: ["DELETE"],
  why: "the base backup is gone while its Backup still says completed",
  instead: "delete it only once a newer backup has completed and been restored from",
  check(request) {
    const snapshot = deleted(request);
    if (snapshot === null || !isDatabaseSnapshot(snapshot)) return [];
    return [deletionHit(snapshot, clusterOf(snapshot), "deletes a base backup")];
  },
};
