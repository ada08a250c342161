import { fields, textAt, valueAt } from "../../model/fields.ts";
import type { KubernetesObject } from "../../model/kubernetes.ts";
import type { ClusterCheck } from "./check.ts";
import { clusterText } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** In the middle of a switchover or an upgrade a Backup may be of the losing side, or of the version that is going. */
export const clusterHealthy: ClusterCheck = {
  id: "cluster-healthy",
  why: "a Backup taken before a switchover or major upgrade that is under way may be of the wrong side",
  check(context) {
    const trouble = troubleOf(context.cluster);
    if (trouble === null) return null;
    return { reason: `${clusterText(context)} ${trouble}`, remedy: takeBackup(context, "once it is healthy") };
  },
};

function troubleOf(cluster: KubernetesObject): string | null {
  const primary = textAt(cluster, "status", "currentPrimary");
  if (textAt(cluster, "status", "phase") !== "Cluster in healthy state") return "is not in healthy state";
  if (primary === "") return "has no primary";
  if (primary !== textAt(cluster, "status", "targetPrimary")) return "is switching over to another primary";
  if (Object.keys(fields(valueAt(cluster, "status", "targetPgDataImageInfo"))).length > 0)
    return "is being upgraded to another major version";
  return valueAt(cluster, "status", "switchReplicaClusterStatus", "inProgress") === true
    ? "is changing between primary and replica Cluster"
    : null;
}
