import { KubeConfig } from "@kubernetes/client-node";
import type { KubernetesObject, ReadableKind } from "../model/kubernetes.ts";
import type { ObjectReader } from "../ports.ts";
import { ApiError, createApiClient } from "./kubernetes/api-client.ts";
import { type Cache, createCache, keyOf } from "./kubernetes/cache.ts";
import { listAll, objectOf } from "./kubernetes/listing.ts";
import { assertBelievable, problemOf, readFailure } from "./kubernetes/read-failure.ts";
import { isName, pathOf, type Resource, resources } from "./kubernetes/resources.ts";
import { withTimeLimit } from "./kubernetes/time-limit.ts";
import { type WatchedKind, watchKind } from "./kubernetes/watched-kind.ts";
import type { Log } from "./log.ts";

export { requiredAccess } from "./kubernetes/resources.ts";

export interface KubernetesOptions {
  /** name in the kubeconfig; without it the current one, or in a Pod its service account */
  readonly context?: string;
  /** path of a kubeconfig; without it $KUBECONFIG, ~/.kube/config or the Pod's service account */
  readonly kubeconfig?: string;
  /** milliseconds a single request may take */
  readonly requestTimeoutMs: number;
  /** milliseconds a watch may be without a sign of life before what it saw is not believed any more; at least 3000 */
  readonly watchStaleMs: number;
  readonly log: Pick<Log, "info" | "warn">;
}

/** The cluster behind an API server: CNPG's objects, Services and Namespaces from a watch, the rest asked for each time. */
export interface KubernetesReader extends ObjectReader {
  /** Starts the watches; returns when each kind has been read once, or could not be. Never throws for a silent cluster. */
  start(): Promise<void>;
  /** The watched kinds, each with what keeps it from being read, or null. */
  watches(): readonly { readonly kind: ReadableKind; readonly problem: string | null }[];
  close(): Promise<void>;
}

/** There is no cluster to speak to; the message says what to give. */
class KubeconfigError extends Error {
  readonly code = "KUBECONFIG";
  override readonly name = "KubeconfigError";
}

/** Reads through a kubeconfig or the Pod's service account. Throws when there is none, or the context is not in it. */
export function createKubernetesReader(options: KubernetesOptions): KubernetesReader {
  const { requestTimeoutMs, watchStaleMs: staleMs, log } = options;
  const client = createApiClient(loadConfig(options));
  const stopped = new AbortController();
  const watched = new Map<ReadableKind, WatchedKind>();
  const onChange = logChanges(log);
  const watching = { client, staleMs, requestTimeoutMs, signal: stopped.signal, onChange };

  function believed(resource: Resource): Cache {
    const cache = watched.get(resource.kind)?.cache ?? createCache(resource, staleMs);
    assertBelievable(resource, cache.state());
    return cache;
  }

  /** undefined: it has to be asked for. A request from a namespace no watch has seen proves that the watch is behind. */
  function watchedObject(resource: Resource, key: string): KubernetesObject | null | undefined {
    if (!resource.watched) return undefined;
    const seen = believed(resource).objects.get(key);
    return resource.kind === "Namespace" ? seen : (seen ?? null);
  }

  async function live<T>(
    resource: Resource,
    what: string,
    absent: T,
    ask: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ) {
    try {
      return await withTimeLimit(requestTimeoutMs, signal, ask);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return absent;
      throw readFailure(resource, what, error);
    }
  }

  return {
    async get(kind, namespace, name, signal) {
      const resource = resources[kind];
      const scope = resource.namespaced ? namespace : "";
      const seen = watchedObject(resource, keyOf(scope, name));
      if (seen !== undefined) return seen;
      if (!isName(name) || (resource.namespaced && !isName(scope))) return null;
      const path = pathOf(resource, scope, name);
      const ask = async (within: AbortSignal) => objectOf(await client.getJson(path, {}, within), resource);
      return live<KubernetesObject | null>(resource, `${kind} ${scope}/${name}`, null, ask, signal);
    },
    async list(kind, namespace, signal) {
      const resource = resources[kind];
      if (resource.watched) return believed(resource).list(namespace);
      if (namespace !== "" && !isName(namespace)) return [];
      const path = pathOf(resource, namespace);
      const ask = async (within: AbortSignal) => (await listAll(client, path, resource, within)).objects;
      const where = namespace === "" ? "the cluster" : `namespace ${namespace}`;
      return live<readonly KubernetesObject[]>(resource, `${resource.plural} of ${where}`, [], ask, signal);
    },
    async start() {
      for (const resource of Object.values(resources)) {
        if (resource.watched) watched.set(resource.kind, watchKind(resource, watching));
      }
      await Promise.all([...watched.values()].map(({ attempted }) => attempted));
    },
    watches: () =>
      [...watched.values()].map(({ resource, cache }) => ({
        kind: resource.kind,
        problem: problemOf(resource, cache.state()),
      })),
    async close() {
      stopped.abort(new Error("the reader is closed"));
      client.close();
    },
  };
}

function loadConfig({ context, kubeconfig }: KubernetesOptions): KubeConfig {
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  if (isNoCluster(config))
    throw new KubeconfigError(
      "there is no kubeconfig, and this is no Pod with a service account: give --context, or --cluster DIR",
    );
  if (context === undefined) return config;
  if (config.getContextObject(context) === null) throw new KubeconfigError(`the kubeconfig has no context ${context}`);
  config.setCurrentContext(context);
  return config;
}

/** client-node takes a plain local port for the cluster when it finds none at all. */
function isNoCluster(config: KubeConfig): boolean {
  const cluster = config.getCurrentCluster();
  return cluster !== null && cluster.server === "http://localhost:8080" && !cluster.skipTLSVerify;
}

/** One line for each change of what is known, not one for each attempt: a cluster that is down is down for all kinds at once. */
function logChanges(log: Pick<Log, "info" | "warn">) {
  const said = new Map<ReadableKind, string>();
  return (resource: Resource, cache: Cache, error: unknown): void => {
    const { kind } = resource;
    const state = cache.state();
    const saying = `${state}${error === null ? "" : ` ${String(error)}`}`;
    if (said.get(kind) === saying) return;
    said.set(kind, saying);
    if (state === "synced" && error === null) log.info({ kind, objects: cache.objects.size }, "watching");
    else if (state === "absent") log.info({ kind }, "the API server has no such kind: taken as empty");
    else log.warn({ kind, state, err: error }, "watching failed");
  };
}
