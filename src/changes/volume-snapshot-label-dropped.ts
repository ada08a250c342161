import type { Change } from "../model/change.ts";
import { droppedLabelHits } from "./dropped-labels.ts";

/** A snapshot loses the labels CNPG counts it by (cnpg.md section 1.2), and by which its deletion would be judged. */
export const volumeSnapshotLabelDropped: Change = {
  id: "volume-snapshot-label-dropped",
  title: "CNPG's label removed from a VolumeSnapshot",
  hazard: "recoverability",
  phase: "contract",
  resources: ["snapshot.storage.k8s.io/volumesnapshots"],
  operations: ["UPDATE"],
  why: "the base backup is no longer known as one, and nothing guards it from being deleted",
  instead: "leave the cnpg.io/ labels to the operator",
  check: droppedLabelHits,
};
