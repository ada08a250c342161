import type { KubernetesObject } from "../model/kubernetes.ts";

/** A Cluster that something in a step leads to, and by what. */
export interface Candidate {
  readonly cluster: KubernetesObject;
  /** for people: "host app-postgres-rw", "Secret production/app-postgres-app" */
  readonly by: string;
  /** the lead ends at standbys or is meant for reading: what is written there fails, or reaches the primary by chance */
  readonly readOnly: boolean;
  /** database the lead implies when the step names none, "" if it implies none */
  readonly database: string;
}

/** "production/app-postgres": how people and the claim annotation write a Cluster. */
export function clusterName(cluster: KubernetesObject): string {
  return `${cluster.metadata.namespace ?? ""}/${cluster.metadata.name}`;
}

/** The Clusters of some candidates, each once, sorted. */
export function clusterNames(candidates: readonly Candidate[]): readonly string[] {
  return [...new Set(candidates.map(({ cluster }) => clusterName(cluster)))].sort();
}

/** The object of a namespace with this name. */
export function named(
  objects: readonly KubernetesObject[],
  namespace: string,
  name: string,
): KubernetesObject | undefined {
  return objects.find((object) => object.metadata.name === name && object.metadata.namespace === namespace);
}
