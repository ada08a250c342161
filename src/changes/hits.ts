import type { ChangeHit } from "../model/change.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";

type Scalar = string | number | boolean | null;

/** "Cluster production/app-postgres"; a cluster-wide object has its name alone. */
export function subjectOf(object: KubernetesObject): string {
  const { name, namespace } = object.metadata;
  return `${object.kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

const longest = 80;

/** A value as part of one line: annotations and names of a crafted object may hold anything. */
export function shown(value: Scalar): string {
  const line = String(value ?? "not set").replace(/[\s\p{C}]+/gu, " ");
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** One field that went from one value to another. null reads as "not set". Only for values that are no secrets. */
export function fieldHit(
  object: KubernetesObject,
  cluster: string,
  field: string,
  from: Scalar,
  to: Scalar,
): ChangeHit {
  return {
    subject: subjectOf(object),
    display: `${field} ${shown(from)} → ${shown(to)}`,
    difference: { [field]: { from, to } },
    cluster,
  };
}

/** The whole object goes. The Cluster is part of the difference: consent to losing one does not cover the next. */
export function deletionHit(object: KubernetesObject, cluster: string, display: string): ChangeHit {
  const difference = { [object.kind]: { from: "present", to: "absent" }, cluster };
  return { subject: subjectOf(object), display, difference, cluster };
}
