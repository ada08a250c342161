import { items, textAt, valueAt } from "../../model/fields.ts";
import type { KubernetesObject } from "../../model/kubernetes.ts";
import type { BackupCheck, RecoveryContext } from "./check.ts";
import { backupName, methodOf, objectStoreOf, startedAt, timeOf } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** A changed path, endpoint, server name or credential is a new, empty archive: the Backup is in the old one. */
export const sameLocation: BackupCheck = {
  id: "same-location",
  why: "after the archive was moved, the Backup is in one place and the WAL behind it in another",
  check(backup, context) {
    const method = methodOf(backup);
    if (method === "barmanObjectStore" && !isAtStore(backup, context))
      return {
        reason: `${backupName(backup)} is in another place than the Cluster archives to now`,
        remedy: takeBackup(context),
      };
    const store = method === "plugin" ? objectStoreOf(context) : undefined;
    if (store !== undefined && changedSince(store, startedAt(backup) ?? 0))
      return {
        reason: `ObjectStore ${store.metadata.name} was changed after ${backupName(backup)} began`,
        remedy: takeBackup(context),
      };
    return null;
  },
};

const credentials = ["s3Credentials", "azureCredentials", "googleCredentials"];

/** CloudNativePG's own test for "the same location", made before it deletes Backups that the catalog lacks. */
function isAtStore(backup: KubernetesObject, { archive }: RecoveryContext): boolean {
  if (archive.kind !== "in-tree") return false;
  const status = valueAt(backup, "status");
  return (
    textAt(status, "destinationPath") !== "" &&
    ["destinationPath", "endpointURL"].every((field) => textAt(status, field) === textAt(archive.store, field)) &&
    textAt(status, "serverName") === archive.server &&
    credentials.every((field) => canonical(valueAt(status, field)) === canonical(valueAt(archive.store, field)))
  );
}

/** The plugin notes no location, so any later change of its ObjectStore's spec counts as a move. */
function changedSince(store: KubernetesObject, since: number): boolean {
  if ((timeOf(store.metadata.creationTimestamp) ?? 0) > since) return true;
  return items(valueAt(store.metadata, "managedFields")).some(
    (entry) =>
      textAt(entry, "subresource") === "" &&
      valueAt(entry, "fieldsV1", "f:spec") !== undefined &&
      (timeOf(valueAt(entry, "time")) ?? 0) > since,
  );
}

/** Equal for equal JSON values, whatever the order of fields; absent and null are one. */
function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
}
