import type { ChangeFacts } from "../model/change.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import { listAt, textAt } from "./fields.ts";

/** Names of the Clusters that archive to an ObjectStore or restore from it, sorted. It must be in their namespace. */
export function clustersUsing(objectStore: KubernetesObject, facts: ChangeFacts): readonly string[] {
  const { name } = objectStore.metadata;
  return facts.clusters
    .filter((cluster) => storesOf(cluster).includes(name))
    .map((cluster) => cluster.metadata.name)
    .sort();
}

function storesOf(cluster: KubernetesObject): readonly string[] {
  const own = listAt(cluster, "spec", "plugins").map((plugin) => textAt(plugin, "parameters", "barmanObjectName"));
  const sources = listAt(cluster, "spec", "externalClusters").map((source) =>
    textAt(source, "plugin", "parameters", "barmanObjectName"),
  );
  return [...own, ...sources];
}
