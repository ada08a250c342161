import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { KubernetesObject } from "../model/kubernetes.ts";
import { writtenName } from "../model/resource.ts";
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
  const { namespace, labels, annotations } = metadata;
  // of all carriers only a Pod's generated name can be part of what it runs
  const name = kind === "Pod" ? metadata.name : writtenName(metadata);
  const subject = { kind, name, namespace, labels, annotations, spec: carrier["spec"] };
  const content = [subject, configMaps.map(contentOf), clusters.map(contentOf), settings];
  return JSON.stringify(content, kind === "Job" ? withoutJobLabels : undefined);
}

/**
 * The API server labels a Job's Pods with the Job's name and uid before it asks, and the uid is another one at every try, dry
 * and real.
 */
const jobLabels = new Set(["controller-uid", "job-name"].flatMap((name) => [name, `batch.kubernetes.io/${name}`]));

function withoutJobLabels(key: string, value: unknown): unknown {
  return jobLabels.has(key) ? undefined : value;
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
