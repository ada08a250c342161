import type { ChangeFacts } from "../model/change.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import { type ArchiveLocation, locationIn, locationOf, pluginArchiver, type WalArchiver } from "./archiver.ts";
import { byName, fieldsAt, listAt, textAt, valueAt } from "./fields.ts";

/** Where a Cluster with bootstrap.recovery takes its data from. */
export type RecoverySource =
  | { readonly kind: "snapshots" }
  | { readonly kind: "backup"; readonly location: ArchiveLocation | null }
  | { readonly kind: "missing"; readonly name: string }
  | {
      readonly kind: "archive";
      readonly name: string;
      readonly hasServerName: boolean;
      readonly archiver: WalArchiver;
    };

/** The source of a recovery; an external cluster's default server name is not the one people expect (cnpg.md section 2.4). */
export function recoverySourceOf(cluster: KubernetesObject, facts: ChangeFacts): RecoverySource {
  const recovery = fieldsAt(cluster, "spec", "bootstrap", "recovery");
  const name = textAt(recovery, "source");
  if (name === "") return withoutSource(recovery, facts);
  const external = byName(listAt(cluster, "spec", "externalClusters")).get(name);
  const plugin = valueAt(external, "plugin");
  if (plugin !== undefined) {
    const hasServerName = textAt(plugin, "parameters", "serverName") !== "";
    return { kind: "archive", name, hasServerName, archiver: pluginArchiver(plugin, cluster.metadata.name) };
  }
  const store = valueAt(external, "barmanObjectStore");
  if (store === undefined) return { kind: "missing", name };
  const serverName = textAt(store, "serverName");
  const archiver: WalArchiver = { kind: "in-tree", location: locationIn(store, serverName, name) };
  return { kind: "archive", name, hasServerName: serverName !== "", archiver };
}

function withoutSource(recovery: unknown, facts: ChangeFacts): RecoverySource {
  const backupName = textAt(recovery, "backup", "name");
  if (backupName === "") return { kind: "snapshots" };
  const backup = facts.backups.find(({ metadata }) => metadata.name === backupName);
  const status = valueAt(backup, "status");
  if (textAt(status, "destinationPath") === "") return { kind: "backup", location: null };
  const clusterName = textAt(backup, "spec", "cluster", "name");
  return { kind: "backup", location: locationIn(status, textAt(status, "serverName"), clusterName) };
}

/** The new Cluster would archive into the very folder it restores from. */
export function isOwnArchive(own: WalArchiver, source: RecoverySource, facts: ChangeFacts): boolean {
  if (source.kind === "backup") return source.location !== null && isSamePlace(locationOf(own, facts), source.location);
  if (source.kind !== "archive") return false;
  const { archiver } = source;
  if (own.kind === "plugin" && archiver.kind === "plugin" && own.objectStore === archiver.objectStore) {
    return own.serverName === archiver.serverName;
  }
  return isSamePlace(locationOf(own, facts), locationOf(archiver, facts));
}

/** Credentials do not make another place, and neither does a slash at the end. */
function isSamePlace(left: ArchiveLocation | null, right: ArchiveLocation | null): boolean {
  if (left === null || right === null) return false;
  return placeOf(left) === placeOf(right);
}

function placeOf({ endpointURL, destinationPath, serverName }: ArchiveLocation): string {
  return [endpointURL, destinationPath, serverName].map((part) => part.replace(/\/+$/, "")).join(" ");
}
