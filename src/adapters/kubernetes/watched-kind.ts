import { setTimeout as sleep } from "node:timers/promises";
import { type ApiClient, ApiError } from "./api-client.ts";
import { type Cache, createCache } from "./cache.ts";
import { listAll } from "./listing.ts";
import { pathOf, type Resource } from "./resources.ts";
import { withTimeLimit } from "./time-limit.ts";

/** One kind, kept in memory by list and watch. */
export interface WatchedKind {
  readonly resource: Resource;
  readonly cache: Cache;
  /** resolved when the first attempt to read it has come to any end */
  readonly attempted: Promise<void>;
}

export interface WatchOptions {
  readonly client: ApiClient;
  /** milliseconds; a healthy watch speaks every `staleMs` / 3, in whole seconds */
  readonly staleMs: number;
  readonly requestTimeoutMs: number;
  /** ends the watching */
  readonly signal: AbortSignal;
  /** after every listing and every failure; `error` null after a listing */
  onChange(resource: Resource, cache: Cache, error: unknown): void;
}

const shortestPauseMs = 100;

/** Starts watching a kind and goes on, with pauses after failures, until told to stop. Never throws. */
export function watchKind(resource: Resource, options: WatchOptions): WatchedKind {
  const cache = createCache(resource, options.staleMs);
  let ended = () => {};
  const attempted = new Promise<void>((resolve) => {
    ended = resolve;
  });

  /** Lists if need be, then watches until the watch ends. */
  async function follow(): Promise<void> {
    if (cache.version() === "") await list(resource, cache, options);
    ended();
    await watch(resource, cache, options);
  }

  /** True if there is no reason to slow down. */
  function recover(error: unknown): boolean {
    cache.lost(error);
    ended();
    if (isForgotten(error)) return true;
    if (!options.signal.aborted) options.onChange(resource, cache, error);
    return false;
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!options.signal.aborted) {
      const started = performance.now();
      const isWell = await follow().then(() => true, recover);
      const wasUp = performance.now() - started > options.staleMs / 3;
      failures = isWell || wasUp ? 0 : failures + 1;
      await pause(failures, options);
    }
  }

  void run();
  return { resource, cache, attempted };
}

async function list(resource: Resource, cache: Cache, options: WatchOptions): Promise<void> {
  const { client, requestTimeoutMs, signal, onChange } = options;
  const ask = (within: AbortSignal) => listAll(client, pathOf(resource, ""), resource, within);
  cache.replace(await withTimeLimit(requestTimeoutMs, signal, ask));
  onChange(resource, cache, null);
}

/** The server is asked to end a healthy watch well before it would count as stale: longer silence always means trouble. */
async function watch(resource: Resource, cache: Cache, options: WatchOptions): Promise<void> {
  const { client, staleMs, requestTimeoutMs, signal } = options;
  const seconds = Math.max(1, Math.floor(staleMs / 3000));
  const from = { resourceVersion: cache.version(), timeoutSeconds: String(seconds) };
  const query = { watch: "true", allowWatchBookmarks: "true", ...from };
  const listener = { onOpen: cache.alive, onEvent: cache.apply };
  const ask = (within: AbortSignal) => client.watch(pathOf(resource, ""), query, within, listener);
  await withTimeLimit(seconds * 1000 + requestTimeoutMs, signal, ask);
  cache.alive();
}

/** What was watched from has been compacted away: the API server's everyday way to say "list again". */
function isForgotten(error: unknown): boolean {
  return error instanceof ApiError && error.status === 410;
}

/** Doubles up to a third of the time after which nothing is believed; spread, so that kinds and replicas do not ask in step. */
async function pause(failures: number, { staleMs, signal }: WatchOptions): Promise<void> {
  const longest = Math.min(shortestPauseMs * 2 ** failures, Math.max(shortestPauseMs, staleMs / 3));
  await sleep(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
}
