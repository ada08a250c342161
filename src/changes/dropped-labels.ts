import type { ChangeFacts, ChangeHit } from "../model/change.ts";
import type { AdmissionRequest } from "../model/kubernetes.ts";
import { clusterOf, droppedLabels, labelOf } from "./cnpg-labels.ts";
import { fieldHit } from "./hits.ts";
import { updated } from "./judged.ts";

/** A hit for each of CNPG's labels that a volume or snapshot loses; the operator may take its own away. */
export function droppedLabelHits(request: AdmissionRequest, facts: ChangeFacts): readonly ChangeHit[] {
  const update = facts.isOperator ? null : updated(request);
  if (update === null) return [];
  const { before, after } = update;
  return droppedLabels(before, after).map((label) =>
    fieldHit(after, clusterOf(before), `label ${label}`, labelOf(before, label), labelOf(after, label) || null),
  );
}
