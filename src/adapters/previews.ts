import { LRUCache } from "lru-cache";
import type { KubernetesObject } from "../model/kubernetes.ts";
import type { Previews } from "../ports.ts";

/** Flux dry-runs every object of a stage within seconds; a minute covers a stage of some hundred objects. */
const lifetimeMs = 60_000;

const keyOf = (user: string, namespace: string, name: string) => JSON.stringify([user, namespace, name]);

/** Previews in memory, the oldest dropped first beyond `maxCount` objects or `maxBytes` of JSON. A question that is given up rejects. */
export function createPreviews(
  limits: { readonly maxCount: number; readonly maxBytes: number } = { maxCount: 2_000, maxBytes: 64 * 1024 * 1024 },
): Previews {
  const seen = new LRUCache<string, KubernetesObject>({
    max: limits.maxCount,
    maxSize: limits.maxBytes,
    sizeCalculation: (object) => Buffer.byteLength(JSON.stringify(object)),
    ttl: lifetimeMs,
    perf: { now: () => performance.now() }, // looked up at each call, so that a test can move it
  });
  const waiting = new Map<string, Set<() => void>>();

  const arrival = (key: string, waitMs: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", wake);
        waiters.delete(wake);
        if (waiters.size === 0) waiting.delete(key);
        resolve();
      };
      const waiters = waiting.get(key) ?? new Set();
      const timer = setTimeout(wake, waitMs);
      waiting.set(key, waiters.add(wake));
      signal.addEventListener("abort", wake);
    });

  return {
    remember(user, configMap) {
      const key = keyOf(user, configMap.metadata.namespace ?? "", configMap.metadata.name);
      seen.set(key, configMap);
      for (const wake of [...(waiting.get(key) ?? [])]) wake();
    },
    async find(user, namespace, name, waitMs, signal) {
      signal.throwIfAborted();
      const key = keyOf(user, namespace, name);
      if (!seen.has(key) && waitMs > 0) await arrival(key, waitMs, signal);
      signal.throwIfAborted();
      return seen.get(key) ?? null;
    },
  };
}
