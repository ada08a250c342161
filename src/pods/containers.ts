import { fields, items, textOf } from "../model/fields.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import type { ConfigMapReference } from "../model/run.ts";

/** A ConfigMap as it was found, null if it was not. */
export interface FetchedConfigMap {
  readonly object: KubernetesObject | null;
  readonly found: ConfigMapReference["found"];
}

/** What a container's environment and files are read from. */
export interface PodContext {
  readonly namespace: string;
  /** the Pod's own name, "" while only its carrier is known */
  readonly podName: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly configMaps: ReadonlyMap<string, FetchedConfigMap>;
  /** CNPG Clusters of all namespaces: they make Services and Secrets */
  readonly clusters: readonly KubernetesObject[];
}

/** One container of a PodSpec. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly init: boolean;
  /** field path: "spec.template.spec.initContainers[wait]" */
  readonly path: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** All containers in the order in which they start; ephemeral ones can be added to a running Pod. */
export function containersOf(spec: Readonly<Record<string, unknown>>, path: string): readonly Container[] {
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((field) =>
    items(spec[field]).map((item) => {
      const container = fields(item);
      const name = textOf(container["name"]);
      return {
        name,
        image: textOf(container["image"]),
        init: field === "initContainers",
        path: `${path}.${field}[${name}]`,
        fields: container,
      };
    }),
  );
}
