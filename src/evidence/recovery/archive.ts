import { items, textAt, textOf, valueAt } from "../../model/fields.ts";
import type { KubernetesObject } from "../../model/kubernetes.ts";

/** Where a Cluster's WAL goes. `none`: nowhere, or nobody can say; CloudNativePG then throws WAL away and calls it success. */
export type Archive =
  | { readonly kind: "none"; readonly reason: string }
  | { readonly kind: "in-tree"; readonly store: unknown; readonly server: string }
  | { readonly kind: "plugin"; readonly plugin: string; readonly objectStore: string; readonly server: string };

/** Reads `spec.backup.barmanObjectStore` and the one enabled plugin that is the WAL archiver. */
export function archiveOf(cluster: KubernetesObject): Archive {
  const store = valueAt(cluster, "spec", "backup", "barmanObjectStore");
  const plugins = items(valueAt(cluster, "spec", "plugins")).filter(
    (plugin) => valueAt(plugin, "enabled") !== false && valueAt(plugin, "isWALArchiver") === true,
  );
  const [plugin] = plugins;
  const isInTree = store !== undefined && store !== null;
  if (plugins.length + (isInTree ? 1 : 0) > 1)
    return { kind: "none", reason: "has more than one WAL archiver, so nobody can say where its WAL is" };
  if (isInTree) return { kind: "in-tree", store, server: textAt(store, "serverName") || cluster.metadata.name };
  if (plugin === undefined) return { kind: "none", reason: "has no WAL archiver: its WAL is thrown away" };
  const objectStore = textAt(plugin, "parameters", "barmanObjectName");
  if (objectStore === "") return { kind: "none", reason: "has a WAL archiver whose ObjectStore is not named" };
  return {
    kind: "plugin",
    plugin: textOf(valueAt(plugin, "name")),
    objectStore,
    server: textAt(plugin, "parameters", "serverName") || cluster.metadata.name,
  };
}
