import type { AdmissionRequest, KubernetesObject } from "../model/kubernetes.ts";
import { isFinalizerOnlyUpdate, isKubernetesHousekeeping, isTerminating } from "./writers.ts";

/** What a request leaves and what was there before; `before` is null at CREATE. */
export interface Written {
  readonly before: KubernetesObject | null;
  readonly after: KubernetesObject;
}

export interface Updated extends Written {
  readonly before: KubernetesObject;
}

/** The object a DELETE takes away, null if the request takes nothing away that was not going already. */
export function deleted(request: AdmissionRequest): KubernetesObject | null {
  const { operation, oldObject } = request;
  if (operation !== "DELETE" || oldObject === null) return null;
  return isTerminating(oldObject) || isKubernetesHousekeeping(request) ? null : oldObject;
}

/** Both sides of an UPDATE that means something, else null. */
export function updated(request: AdmissionRequest): Updated | null {
  const { operation, object, oldObject } = request;
  if (operation !== "UPDATE" || object === null || oldObject === null) return null;
  if (isFinalizerOnlyUpdate(request) || isKubernetesHousekeeping(request)) return null;
  return { before: oldObject, after: object };
}

/** What a CREATE or a meaningful UPDATE leaves, else null. */
export function written(request: AdmissionRequest): Written | null {
  if (request.operation === "CREATE" && request.object !== null) return { before: null, after: request.object };
  return updated(request);
}
