import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../src/model/kubernetes.ts";
import type { Run } from "../../src/model/run.ts";
import { createRunCache, type RunContent } from "../../src/runs/run-cache.ts";

const job = (annotations: Record<string, string> = {}, image = "postgres:17"): KubernetesObject => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "mig", namespace: "shop", annotations },
  spec: { template: { spec: { containers: [{ name: "m", image }] } } },
});

/** As the API server hands over a Job with generateName. */
function labelled(name: string, uid: string): KubernetesObject {
  const labels = { "batch.kubernetes.io/controller-uid": uid, "controller-uid": uid, "job-name": name };
  const template = { metadata: { labels }, spec: { containers: [{ name: "m", image: "postgres:17" }] } };
  const selector = { matchLabels: { "batch.kubernetes.io/controller-uid": uid } };
  return { ...job(), metadata: { name, generateName: "mig-", namespace: "shop" }, spec: { selector, template } };
}

/** As in an admission request: what changes bears the resourceVersion it had before. */
const configMap = (sql: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "sql", namespace: "shop", uid: "1", ...{ resourceVersion: "7" } },
  data: { "up.sql": sql },
});

const content = (changes: Partial<RunContent> = {}): RunContent => ({
  ...{ carrier: job(), configMaps: [configMap("SELECT 1")], clusters: [], settings: ["job"], ...changes },
});

const made = (carrier: KubernetesObject): Run => ({
  ...{ object: { apiVersion: "batch/v1", kind: "Job", namespace: "shop", name: "mig" }, carrier, steps: [] },
  ...{ reaches: true, claimedTarget: "", references: [] },
});

describe("the run cache", () => {
  it("makes a run once for equal content, and gives back the asker's own carrier", () => {
    const cache = createRunCache(1_000_000);
    cache.get(content(), () => made(job()));
    const carrier = job();
    const run = cache.get(content({ carrier }), () => {
      throw new Error("made twice");
    });
    expect(run.carrier).toBe(carrier);
  });

  it("makes it once for a Job that is tried again: its uid, and a name that is generated, are others each time", () => {
    const cache = createRunCache(1_000_000);
    cache.get(content({ carrier: labelled("mig-x7k2p", "1") }), () => made(job()));
    const again = cache.get(content({ carrier: labelled("mig-9qd4t", "2") }), () => {
      throw new Error("made twice");
    });
    expect(again.carrier.metadata.name).toBe("mig-9qd4t");
  });

  it.for<readonly [string, Partial<RunContent>]>([
    ["a name that somebody wrote", { carrier: { ...job(), metadata: { ...job().metadata, name: "other" } } }],
    ["an annotation", { carrier: job({ a: "b" }) }],
    ["the Pod", { carrier: job({}, "postgres:18") }],
    ["a ConfigMap with the same uid and resourceVersion", { configMaps: [configMap("DROP TABLE users")] }],
    ["a ConfigMap that is gone", { configMaps: [null] }],
    ["a setting", { settings: ["pod"] }],
  ])("makes it anew when %s is different", ([, changes]) => {
    const cache = createRunCache(1_000_000);
    cache.get(content(), () => made(job()));
    let isMade = false;
    cache.get(content(changes), () => {
      isMade = true;
      return made(job());
    });
    expect(isMade).toBe(true);
  });
});
