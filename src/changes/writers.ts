import type { AdmissionRequest, KubernetesObject } from "../model/kubernetes.ts";
import { canonical, fieldsAt, valueAt } from "./fields.ts";

/**
 * Kubernetes' own deleters. Denying them wedges a termination that was let through at the root object.
 * The last one is who they are where the controller manager runs without --use-service-account-credentials.
 */
const housekeepers: ReadonlySet<string> = new Set([
  "system:serviceaccount:kube-system:generic-garbage-collector",
  "system:serviceaccount:kube-system:namespace-controller",
  "system:kube-controller-manager",
]);

const bookkeeping = ["finalizers", "managedFields", "resourceVersion", "generation"];

/** The object without what changes by itself: status, finalizers, versions; of the rest of metadata nothing is left out. */
function meaning(object: KubernetesObject, ignored: readonly string[]): string {
  const metadata = Object.entries(fieldsAt(object, "metadata")).filter(([key]) => !ignored.includes(key));
  return canonical({ ...object, metadata: Object.fromEntries(metadata), status: undefined });
}

/**
 * An UPDATE after which only finalizers, status or the API server's own bookkeeping differ, or nothing at all.
 * Operators and instance managers send it all the time; it takes nothing away that the DELETE before it has not.
 */
export function isFinalizerOnlyUpdate(request: AdmissionRequest): boolean {
  return isUpdateBut(request, bookkeeping);
}

function isUpdateBut(request: AdmissionRequest, ignored: readonly string[]): boolean {
  const { operation, object, oldObject } = request;
  if (operation !== "UPDATE" || object === null || oldObject === null) return false;
  return meaning(object, ignored) === meaning(oldObject, ignored);
}

/** The garbage collector or the namespace controller at work: a DELETE, or an UPDATE of finalizers and owner references. */
export function isKubernetesHousekeeping(request: AdmissionRequest): boolean {
  if (!housekeepers.has(request.userInfo.username)) return false;
  return request.operation === "DELETE" || isUpdateBut(request, [...bookkeeping, "ownerReferences"]);
}

/** The object is on its way out already: another DELETE of it changes nothing. */
export function isTerminating(object: KubernetesObject): boolean {
  return typeof valueAt(object, "metadata", "deletionTimestamp") === "string";
}
