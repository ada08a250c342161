import { textAt } from "../../model/fields.ts";
import type { KubernetesObject } from "../../model/kubernetes.ts";
import type { ClusterCheck } from "./check.ts";
import { clusterText, conditionOf } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** A Cluster that was told to stand still archives nothing, and CloudNativePG refuses its backups. */
export const clusterRunning: ClusterCheck = {
  id: "cluster-running",
  why: "a Cluster that is hibernated, fenced, not reconciled or being deleted is not kept recoverable",
  check(context) {
    const state = standstillOf(context.cluster);
    if (state === null) return null;
    return {
      reason: `${clusterText(context)} ${state}`,
      remedy: takeBackup(context, "once that is over"),
    };
  },
};

function standstillOf(cluster: KubernetesObject): string | null {
  const annotation = (name: string) => cluster.metadata.annotations?.[`cnpg.io/${name}`] ?? "";
  if (cluster.metadata.deletionTimestamp !== undefined) return "is being deleted";
  if (annotation("hibernation") === "on") return "is hibernated";
  if (textAt(conditionOf(cluster, "cnpg.io/hibernation"), "status") === "True") return "is hibernated";
  if (!/^\s*(\[\s*\])?\s*$/.test(annotation("fencedInstances"))) return "has fenced instances";
  if (annotation("reconciliationLoop") === "disabled") return "is not reconciled by its operator";
  return null;
}
