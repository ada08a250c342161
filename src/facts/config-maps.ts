import type { AdmissionRequest, KubernetesObject } from "../model/kubernetes.ts";
import type { ConfigMapReference } from "../model/run.ts";
import type { World } from "../ports.ts";

/** A ConfigMap as a run will see it, and how sure that is. */
export interface ConfigMapReading {
  readonly object: KubernetesObject | null;
  readonly found: ConfigMapReference["found"];
}

const previewWaitMs = 1_000;

/**
 * How a run's ConfigMaps are read (design section 4). At a dry-run Flux has not applied the new ones yet: the preview of
 * the same user comes first, then the live one, which may be old. A real request and a Pod's start read live and nothing
 * else. `incoming` is a ConfigMap as it is about to become. Throws ReadError when the cluster cannot be asked.
 */
export function configMapReader(
  request: AdmissionRequest,
  incoming: KubernetesObject | null,
  world: World,
  signal: AbortSignal,
): (name: string) => Promise<ConfigMapReading> {
  const { namespace, dryRun, userInfo } = request;
  const live = async (name: string): Promise<ConfigMapReading> => {
    const object = await world.reader.get("ConfigMap", namespace, name, signal);
    if (object === null) return { object, found: "missing" };
    return { object, found: object["immutable"] === true ? "live-immutable" : "live" };
  };
  return async (name) => {
    if (incoming?.metadata.name === name) return { object: incoming, found: "live" };
    if (!dryRun) return live(name);
    const preview = await world.previews.find(userInfo.username, namespace, name, previewWaitMs, signal);
    return preview === null ? live(name) : { object: preview, found: "preview" };
  };
}
