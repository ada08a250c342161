import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createPreviews } from "../../src/adapters/previews.ts";
import type { KubernetesObject } from "../../src/model/kubernetes.ts";

const signal = new AbortController().signal;
const flux = "system:serviceaccount:flux-system:kustomize-controller";

function configMap(name: string, sql = "SELECT 1", namespace = "shop"): KubernetesObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data: { "up.sql": sql } };
}

describe("createPreviews", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.advanceTimersByTime(1); // at 0 the cache takes a start time for none
  });
  afterEach(() => vi.useRealTimers());

  it("finds the newest preview of the same user, namespace and name", async () => {
    const previews = createPreviews();
    previews.remember(flux, configMap("mig", "old"));
    previews.remember(flux, configMap("mig", "new"));
    expect(await previews.find(flux, "shop", "mig", 0, signal)).toEqual(configMap("mig", "new"));
    expect(await previews.find("dana", "shop", "mig", 0, signal)).toBeNull();
    expect(await previews.find(flux, "other", "mig", 0, signal)).toBeNull();
    expect(await previews.find(flux, "shop", "mig2", 0, signal)).toBeNull();
  });

  it("forgets after a minute", async () => {
    const previews = createPreviews();
    previews.remember(flux, configMap("mig"));
    await vi.advanceTimersByTimeAsync(59_000);
    expect(await previews.find(flux, "shop", "mig", 0, signal)).not.toBeNull();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await previews.find(flux, "shop", "mig", 0, signal)).toBeNull();
  });

  it("waits for a preview on its way, for all who ask", async () => {
    const previews = createPreviews();
    const asked = [
      previews.find(flux, "shop", "mig", 1_000, signal),
      previews.find(flux, "shop", "mig", 1_000, signal),
    ];
    await vi.advanceTimersByTimeAsync(500);
    previews.remember(flux, configMap("another"));
    previews.remember(flux, configMap("mig"));
    expect(await Promise.all(asked)).toEqual([configMap("mig"), configMap("mig")]);
    expect(vi.getTimerCount()).toBeLessThanOrEqual(1);
  });

  it("gives null when none arrives in time", async () => {
    const found = createPreviews().find(flux, "shop", "mig", 1_000, signal);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await found).toBeNull();
  });

  it("rejects at once when the question is given up while waiting, and before", async () => {
    const previews = createPreviews();
    const abort = new AbortController();
    const found = previews.find(flux, "shop", "mig", 1_000, abort.signal);
    abort.abort(new Error("deadline"));
    await expect(found).rejects.toThrow("deadline");
    await expect(previews.find(flux, "shop", "mig", 0, abort.signal)).rejects.toThrow("deadline");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("keeps no more than its count, the oldest go first", async () => {
    const previews = createPreviews({ maxCount: 2, maxBytes: 1_000_000 });
    for (const name of ["a", "b", "c"]) previews.remember(flux, configMap(name));
    expect(await previews.find(flux, "shop", "a", 0, signal)).toBeNull();
    expect(await previews.find(flux, "shop", "b", 0, signal)).not.toBeNull();
    expect(await previews.find(flux, "shop", "c", 0, signal)).not.toBeNull();
  });

  it("keeps no more than its bytes, and never serves an older text for one too big to keep", async () => {
    const previews = createPreviews({ maxCount: 10, maxBytes: 1_000 });
    previews.remember(flux, configMap("a", "x".repeat(600)));
    previews.remember(flux, configMap("b", "x".repeat(600)));
    expect(await previews.find(flux, "shop", "a", 0, signal)).toBeNull();
    previews.remember(flux, configMap("b", "x".repeat(2_000)));
    expect(await previews.find(flux, "shop", "b", 0, signal)).toBeNull();
  });
});
