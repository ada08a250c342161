import type { KubernetesObject } from "../../model/kubernetes.ts";
import type { WatchEvent } from "./api-client.ts";
import { ApiError } from "./api-client.ts";
import { type Listing, objectOf, textOf } from "./listing.ts";
import type { Resource } from "./resources.ts";

/**
 * What is known of a kind. `unread`: never answered yet; `absent`: the API server has no such kind (its CRD is not
 * installed); `stale`: it was known once, but there has been no sign of life for too long.
 */
export type WatchState = "unread" | "synced" | "absent" | "forbidden" | "stale";

/** One kind's objects as last seen, and whether that can still be believed. */
export interface Cache {
  /** by "namespace/name" */
  readonly objects: ReadonlyMap<string, KubernetesObject>;
  /** of a namespace, "" for all; the very same list until something changes, so that what follows from it can be kept */
  list(namespace: string): readonly KubernetesObject[];
  /** where to watch on from; "" when everything must be listed anew */
  version(): string;
  state(): WatchState;
  replace(listing: Listing): void;
  apply(event: WatchEvent): void;
  /** The server spoke: what is known is as it was, and fresh. */
  alive(): void;
  /** Something went wrong that may have swallowed an event. */
  lost(error: unknown): void;
}

/** Key of an object in a cache; namespace "" for what has none. */
export function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** `staleMs` after the last sign of life nothing is believed any more. */
export function createCache(resource: Resource, staleMs: number): Cache {
  const objects = new Map<string, KubernetesObject>();
  const lists = new Map<string, readonly KubernetesObject[]>();
  let known: Exclude<WatchState, "stale"> = "unread";
  let version = "";
  let heard = performance.now();

  function alive(): void {
    heard = performance.now();
  }

  function become(next: typeof known): void {
    known = next;
    alive();
  }

  return {
    objects,
    list(namespace) {
      const kept = lists.get(namespace);
      if (kept !== undefined) return kept;
      const all = [...objects.values()];
      const list = namespace === "" ? all : all.filter(({ metadata }) => metadata.namespace === namespace);
      lists.set(namespace, list);
      return list;
    },
    version: () => version,
    state: () => (known !== "unread" && performance.now() - heard > staleMs ? "stale" : known),
    alive,
    replace(listing) {
      lists.clear();
      objects.clear();
      for (const object of listing.objects) objects.set(keyOfObject(object), object);
      version = listing.resourceVersion;
      become("synced");
    },
    apply({ type, object }) {
      lists.clear();
      if (type === "ERROR") throw new ApiError(codeOf(object));
      const metadata = typeof object === "object" && object !== null ? Reflect.get(object, "metadata") : undefined;
      if (type !== "BOOKMARK") put(objects, type, objectOf(object, resource));
      version = textOf(metadata, "resourceVersion");
      alive();
    },
    lost(error) {
      version = "";
      lists.clear();
      const status = error instanceof ApiError ? error.status : 0;
      if (status === 404) objects.clear();
      if (status === 404) become("absent");
      if (status === 401 || status === 403) become("forbidden");
    },
  };
}

function put(objects: Map<string, KubernetesObject>, type: string, object: KubernetesObject): void {
  if (type === "DELETED") objects.delete(keyOfObject(object));
  else objects.set(keyOfObject(object), object);
}

function keyOfObject({ metadata }: KubernetesObject): string {
  return keyOf(metadata.namespace ?? "", metadata.name);
}

/** Code of the Status in an ERROR event; 410 means that the version watched from is forgotten. */
function codeOf(status: unknown): number {
  const code = typeof status === "object" && status !== null ? Reflect.get(status, "code") : undefined;
  return typeof code === "number" ? code : 0;
}
