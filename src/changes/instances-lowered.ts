import type { Change, ChangeFacts } from "../model/change.ts";
import type { AdmissionRequest, KubernetesObject } from "../model/kubernetes.ts";
import { defaultInstances } from "./cnpg-defaults.ts";
import { numberAt } from "./fields.ts";
import { fieldHit } from "./hits.ts";
import { updated } from "./judged.ts";

/** Fewer instances, written to the Cluster or through its scale subresource (kind Scale). The operator's own repair passes. */
export const instancesLowered: Change = {
  id: "instances-lowered",
  title: "Instances lowered too far",
  hazard: "availability",
  phase: "migrate",
  resources: ["postgresql.cnpg.io/clusters", "postgresql.cnpg.io/clusters/scale"],
  operations: ["UPDATE"],
  why: "deletes the standbys with their volumes: no failover with one instance, no commits below the synchronous minimum, no service with none",
  instead: "keep at least one standby more than synchronous replication asks for",
  check(request, facts) {
    const update = facts.isOperator ? null : updated(request);
    if (update === null) return [];
    const [from, to] = [instancesIn(update.before, request), instancesIn(update.after, request)];
    const least = leastInstances(update.after, request, facts);
    if (to >= from || (least !== null && to >= least)) return [];
    const cluster = { ...update.after, kind: "Cluster" };
    const hit = fieldHit(cluster, request.name, "instances", from, to);
    return [{ ...hit, display: `${hit.display} (${effectOf(to, least)})` }];
  },
};

/** In a Scale a missing number is 0: its Go type leaves zeros out. */
function instancesIn(object: KubernetesObject, request: AdmissionRequest): number {
  if (request.subResource === "scale") return numberAt(object, "spec", "replicas") ?? 0;
  return numberAt(object, "spec", "instances") ?? defaultInstances;
}

/** The least number that keeps a standby and lets synchronous commits end; null if the Cluster behind a Scale is unknown. */
function leastInstances(after: KubernetesObject, request: AdmissionRequest, facts: ChangeFacts): number | null {
  const isScale = request.subResource === "scale";
  const cluster = isScale ? facts.clusters.find(({ metadata }) => metadata.name === request.name) : after;
  if (cluster === undefined) return null;
  const standbys = [
    1,
    numberAt(cluster, "spec", "minSyncReplicas") ?? 0,
    numberAt(cluster, "spec", "postgresql", "synchronous", "number") ?? 0,
  ];
  return Math.max(...standbys) + 1;
}

function effectOf(to: number, least: number | null): string {
  if (to <= 0) return "no server is left";
  if (to === 1) return "no standby is left";
  if (least === null) return "the Cluster's synchronous minimum is not known";
  return `synchronous replication needs ${least}`;
}
