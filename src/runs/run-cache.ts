import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { KubernetesObject } from "../model/kubernetes.ts";
import type { Run } from "../model/run.ts";

/** Everything a run's content depends on. */
export interface RunContent {
  readonly carrier: KubernetesObject;
  /** all ConfigMaps it reads; null: missing */
  readonly configMaps: readonly (KubernetesObject | null)[];
  readonly clusters: readonly KubernetesObject[];
  /** the rest: source or exec's command, how ConfigMaps were found, the policy's settings */
  readonly settings: unknown;
}

export interface RunCache {
  /** The run of this content, made anew only if no equal content was asked about lately. */
  get(content: RunContent, make: () => Run): Run;
}

/** Remembers runs by content up to `maxBytes` of SQL: Flux asks about the same Job at every sync, dry and real. */
export function createRunCache(maxBytes: number): RunCache {
  const runs = new LRUCache<string, Run>({ maxSize: maxBytes, sizeCalculation: sizeOf });
  return {
    get(content, make) {
      const key = keyOf(content);
      const known = runs.get(key);
      // The carrier is the asker's own: its annotations may have changed where its Pod has not.
      if (known !== undefined) return { ...known, carrier: content.carrier };
      const run = make();
      runs.set(key, run);
      return run;
    },
  };
}

function sizeOf(run: Run, key: string): number {
  const texts = run.steps.flatMap(({ sql }) => sql.map(({ text }) => text.length));
  return 1_000 + key.length + texts.reduce((sum, length) => sum + length, 0);
}

function keyOf({ carrier, configMaps, clusters, settings }: RunContent): string {
  const { kind, metadata } = carrier;
  const { name, generateName, namespace, labels, annotations } = metadata;
  const subject = { kind, name, generateName, namespace, labels, annotations, spec: carrier["spec"] };
  return JSON.stringify([subject, configMaps.map(contentOf), clusters.map(contentOf), settings]);
}

/**
 * By content and never by resourceVersion: in an admission request a ConfigMap that changes still bears the old one.
 * An object is never changed once it was read, so its digest is made once.
 */
function contentOf(object: KubernetesObject | null): string {
  if (object === null) return "";
  const known = contents.get(object);
  if (known !== undefined) return known;
  const { namespace, name } = object.metadata;
  const content = digestOf([namespace, name, object["spec"], object["data"], object["binaryData"]]);
  contents.set(object, content);
  return content;
}

const contents = new WeakMap<KubernetesObject, string>();

function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64");
}
