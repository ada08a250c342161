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

  it.for<readonly [string, Partial<RunContent>]>([
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
