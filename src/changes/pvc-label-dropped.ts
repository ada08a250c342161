import type { Change } from "../model/change.ts";
import { droppedLabelHits } from "./dropped-labels.ts";

/** A volume loses the labels the operator finds it by (and by which its deletion would be judged). */
export const pvcLabelDropped: Change = {
  id: "pvc-label-dropped",
  title: "CNPG's label removed from a volume",
  hazard: "data-loss",
  phase: "contract",
  resources: ["core/persistentvolumeclaims"],
  operations: ["UPDATE"],
  why: "the operator no longer knows the volume as its own, and nothing guards it from being deleted",
  instead: "leave the cnpg.io/ labels to the operator",
  check: droppedLabelHits,
};
