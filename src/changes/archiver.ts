import type { ChangeFacts } from "../model/change.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import { effectiveServerName, isEnabledPlugin } from "./cnpg-defaults.ts";
import { canonical, fieldsAt, listAt, textAt, valueAt } from "./fields.ts";

/** What takes a Cluster's WAL away. Without one CNPG discards WAL and still reports ContinuousArchiving=True (cnpg.md section 1.2). */
export type WalArchiver =
  | { readonly kind: "in-tree"; readonly location: ArchiveLocation }
  | {
      readonly kind: "plugin";
      readonly plugin: string;
      readonly objectStore: string;
      readonly serverName: string;
      /** isWALArchiver: archiving fails loudly if the plugin's sidecar is missing */
      readonly isGuarded: boolean;
    };

/** Where an archive lies, URLs without passwords. `credentials` are references to Secrets, canonical JSON. */
export interface ArchiveLocation {
  readonly destinationPath: string;
  readonly endpointURL: string;
  readonly serverName: string;
  readonly credentials: string;
}

/** The archiver of a Cluster, null if it has none. An enabled barman plugin archives whatever isWALArchiver says (cnpg.md section 1.2). */
export function walArchiverOf(cluster: KubernetesObject): WalArchiver | null {
  const { name } = cluster.metadata;
  const plugins = listAt(cluster, "spec", "plugins").filter(isEnabledPlugin);
  const guarded = plugins.find((plugin) => valueAt(plugin, "isWALArchiver") === true);
  if (guarded !== undefined) return pluginArchiver(guarded, name);
  const store = valueAt(cluster, "spec", "backup", "barmanObjectStore");
  if (store !== undefined) return { kind: "in-tree", location: locationIn(store, textAt(store, "serverName"), name) };
  const loaded = plugins.find((plugin) => textAt(plugin, "parameters", "barmanObjectName") !== "");
  return loaded === undefined ? null : pluginArchiver(loaded, name);
}

/** A plugin entry of a Cluster or of an external cluster; without serverName the plugin takes `clusterName`. */
export function pluginArchiver(plugin: unknown, clusterName: string): WalArchiver {
  return {
    kind: "plugin",
    plugin: textAt(plugin, "name"),
    objectStore: textAt(plugin, "parameters", "barmanObjectName"),
    serverName: effectiveServerName(textAt(plugin, "parameters", "serverName"), clusterName),
    isGuarded: valueAt(plugin, "isWALArchiver") === true,
  };
}

/** The location a barman configuration describes (barmanObjectStore, ObjectStore.spec.configuration, Backup.status). */
export function locationIn(configuration: unknown, serverName: string, clusterName: string): ArchiveLocation {
  const { s3Credentials, azureCredentials, googleCredentials } = fieldsAt(configuration);
  return {
    destinationPath: withoutUserInfo(textAt(configuration, "destinationPath")),
    endpointURL: withoutUserInfo(textAt(configuration, "endpointURL")),
    serverName: effectiveServerName(serverName, clusterName),
    credentials: canonical({ s3Credentials, azureCredentials, googleCredentials }),
  };
}

/** The location behind an archiver, null if its ObjectStore is not there to be read. */
export function locationOf(archiver: WalArchiver, facts: ChangeFacts): ArchiveLocation | null {
  if (archiver.kind === "in-tree") return archiver.location;
  const store = objectStoreOf(archiver, facts);
  const configuration = valueAt(store, "spec", "configuration");
  return configuration === undefined ? null : locationIn(configuration, archiver.serverName, "");
}

/** The ObjectStore an archiver writes to, undefined if it has none or it does not exist. */
export function objectStoreOf(archiver: WalArchiver, facts: ChangeFacts): KubernetesObject | undefined {
  if (archiver.kind === "in-tree") return undefined;
  return facts.objectStores.find(({ metadata }) => metadata.name === archiver.objectStore);
}

function withoutUserInfo(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1");
}
