import type { ChangeFacts } from "../model/change.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import { listAt, textAt } from "./fields.ts";

/** Names of the Clusters that archive to an ObjectStore, sorted. It must be in their namespace (cnpg.md section 1.3). */
export function clustersArchivingTo(objectStore: KubernetesObject, facts: ChangeFacts): readonly string[] {
  return clustersNaming(objectStore, facts, storesWrittenBy);
}

/** Names of the Clusters that archive to an ObjectStore or restore from it, sorted. */
export function clustersUsing(objectStore: KubernetesObject, facts: ChangeFacts): readonly string[] {
  return clustersNaming(objectStore, facts, (cluster) => [...storesWrittenBy(cluster), ...storesReadBy(cluster)]);
}

function clustersNaming(
  { metadata: { name } }: KubernetesObject,
  { clusters }: ChangeFacts,
  storesOf: (cluster: KubernetesObject) => readonly string[],
): readonly string[] {
  const naming = clusters.filter((cluster) => storesOf(cluster).includes(name));
  return naming.map(({ metadata }) => metadata.name).sort();
}

function storesWrittenBy(cluster: KubernetesObject): readonly string[] {
  return listAt(cluster, "spec", "plugins").map((plugin) => textAt(plugin, "parameters", "barmanObjectName"));
}

function storesReadBy(cluster: KubernetesObject): readonly string[] {
  const sources = listAt(cluster, "spec", "externalClusters");
  return sources.map((source) => textAt(source, "plugin", "parameters", "barmanObjectName"));
}
