import type { ChangeHit } from "../model/change.ts";
import type { AdmissionRequest } from "../model/kubernetes.ts";
import { textAt } from "./fields.ts";
import { fieldHit } from "./hits.ts";
import { type Written, written } from "./judged.ts";

/** The values of an annotation before and after, "" where it is missing. */
export function annotationIn({ before, after }: Written, key: string): { readonly from: string; readonly to: string } {
  return { from: textAt(before, "metadata", "annotations", key), to: textAt(after, "metadata", "annotations", key) };
}

/** The hit of a Cluster whose annotation is newly "enabled": CNPG's own word for it. */
export function newlyEnabled(request: AdmissionRequest, key: string): readonly ChangeHit[] {
  const change = written(request);
  if (change === null) return [];
  const { from, to } = annotationIn(change, key);
  if (to !== "enabled" || from === to) return [];
  return [fieldHit(change.after, change.after.metadata.name, `annotation ${key}`, from || null, to)];
}
