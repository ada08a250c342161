import type { KubernetesObject } from "../../model/kubernetes.ts";
import type { ApiClient } from "./api-client.ts";
import { type Resource, toObject } from "./resources.ts";

/** All objects of a list, and the version to watch on from. */
export interface Listing {
  readonly objects: readonly KubernetesObject[];
  readonly resourceVersion: string;
}

const pageSize = "500";

/** Lists page by page, from etcd itself and not from the API server's cache. Throws ApiError; an item that is no object is an error too. */
export async function listAll(
  client: ApiClient,
  path: string,
  resource: Resource,
  signal: AbortSignal,
): Promise<Listing> {
  const objects: KubernetesObject[] = [];
  let next = "";
  for (;;) {
    const page = await client.getJson(path, { limit: pageSize, ...(next === "" ? {} : { continue: next }) }, signal);
    objects.push(...itemsOf(page).map((item) => objectOf(item, resource)));
    const { resourceVersion, continueToken } = metadataOf(page);
    if (continueToken === "") return { objects, resourceVersion };
    next = continueToken;
  }
}

/** An item that cannot be read is missing from every answer that rests on the list: that is no list at all. */
export function objectOf(item: unknown, resource: Resource): KubernetesObject {
  const object = toObject(item, resource);
  if (object === null) throw new Error(`the API server sent a ${resource.kind} without a name`);
  return object;
}

function itemsOf(page: unknown): readonly unknown[] {
  const items = typeof page === "object" && page !== null && "items" in page ? page.items : undefined;
  if (items === null) return []; // Go writes an empty list of some kinds so
  if (!Array.isArray(items)) throw new Error("the API server sent no list");
  return items;
}

function metadataOf(page: unknown): { resourceVersion: string; continueToken: string } {
  const metadata = typeof page === "object" && page !== null && "metadata" in page ? page.metadata : undefined;
  return { resourceVersion: textOf(metadata, "resourceVersion"), continueToken: textOf(metadata, "continue") };
}

/** Text of a field, "" if there is none. */
export function textOf(value: unknown, field: string): string {
  const found = typeof value === "object" && value !== null ? Reflect.get(value, field) : undefined;
  return typeof found === "string" ? found : "";
}
