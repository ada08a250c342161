import { fields, items } from "../../src/model/fields.ts";
import type { KubernetesObject } from "../../src/model/kubernetes.ts";
import { type Container, containersOf, type FetchedConfigMap, type PodContext } from "../../src/pods/containers.ts";

/** A Pod in namespace "shop" with one container of these fields, and the ConfigMaps that exist. */
export function podOf(
  container: Readonly<Record<string, unknown>>,
  given: {
    readonly spec?: Readonly<Record<string, unknown>>;
    readonly configMaps?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    readonly clusters?: readonly KubernetesObject[];
  } = {},
): { readonly container: Container; readonly pod: PodContext } {
  const spec = { ...given.spec, containers: [{ name: "main", image: "postgres:17", ...container }] };
  const configMaps = Object.entries(given.configMaps ?? {}).map(([name, content]): [string, FetchedConfigMap] => [
    name,
    {
      object: { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "shop" }, ...content },
      found: "live",
    },
  ]);
  const [first] = containersOf(spec, "spec");
  if (first === undefined || items(spec.containers).map(fields).length !== 1)
    throw new Error("one container is wanted");
  const pod: PodContext = {
    namespace: "shop",
    podName: "",
    spec,
    configMaps: new Map(configMaps),
    clusters: given.clusters ?? [],
  };
  return { container: first, pod };
}

/** A CNPG Cluster as far as extraction looks at one. */
export function clusterOf(
  name: string,
  namespace: string,
  spec: Readonly<Record<string, unknown>> = {},
): KubernetesObject {
  return { apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster", metadata: { name, namespace }, spec };
}
