import type { Change } from "../model/change.ts";
import { clusterOf, droppedLabels, labelOf } from "./cnpg-labels.ts";
import { fieldHit } from "./hits.ts";
import { updated } from "./judged.ts";

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
  check(request, facts) {
    const update = facts.isOperator ? null : updated(request);
    if (update === null) return [];
    const { before, after } = update;
    return droppedLabels(before, after).map((label) =>
      fieldHit(after, clusterOf(before), `label ${label}`, labelOf(before, label), labelOf(after, label) || null),
    );
  },
};
