import { textAt, valueAt } from "../../model/fields.ts";
import type { KubernetesObject } from "../../model/kubernetes.ts";
import type { ClusterCheck } from "./check.ts";
import { clusterText } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** A replica Cluster only follows another: what is written comes from there, and so must the way back. */
export const notAReplica: ClusterCheck = {
  id: "not-a-replica",
  why: "a replica Cluster follows another one, whose archive and backups are the way back",
  check(context) {
    if (!isReplica(context.cluster)) return null;
    return {
      reason: `${clusterText(context)} is a replica of another Cluster: the way back is there`,
      remedy: takeBackup(context, "once it is promoted, or run the migration on its source"),
    };
  },
};

/** As CloudNativePG reads it: `enabled` decides if it is set, else whether another Cluster is named as primary. */
function isReplica(cluster: KubernetesObject): boolean {
  const replica = valueAt(cluster, "spec", "replica");
  if (replica === undefined || replica === null) return false;
  const enabled = valueAt(replica, "enabled");
  if (typeof enabled === "boolean") return enabled;
  return (textAt(replica, "self") || cluster.metadata.name) !== textAt(replica, "primary");
}
