import type { KubernetesObject } from "../model/kubernetes.ts";
import { textAt } from "./fields.ts";

/** Labels that CNPG writes and reads again: without them the operator, and this gate, no longer know the object. */
const volumeLabels = ["cnpg.io/cluster", "cnpg.io/instanceName", "cnpg.io/pvcRole"] as const;
const snapshotLabels = ["cnpg.io/backupName", "cnpg.io/cluster"] as const;

/** The value of a label, "" if it is not there. */
export function labelOf(object: KubernetesObject, label: string): string {
  return textAt(object, "metadata", "labels", label);
}

/** A volume of a database server: by CNPG's label, or because a Cluster owns it. */
export function isDatabaseVolume(claim: KubernetesObject): boolean {
  return labelOf(claim, "cnpg.io/pvcRole") !== "" || clusterOf(claim) !== "";
}

/** A snapshot that CNPG made. */
export function isDatabaseSnapshot(snapshot: KubernetesObject): boolean {
  return labelOf(snapshot, "cnpg.io/backupName") !== "" || clusterOf(snapshot) !== "";
}

/** Of volumes and snapshots only those of a database are CNPG's; the other kinds all are. */
export function isOfCnpg(object: KubernetesObject): boolean {
  if (object.kind === "PersistentVolumeClaim") return isDatabaseVolume(object);
  return object.kind !== "VolumeSnapshot" || isDatabaseSnapshot(object);
}

/** Name of the Cluster an object belongs to, by label or by owner, "" if neither says. */
export function clusterOf(object: KubernetesObject): string {
  return labelOf(object, "cnpg.io/cluster") || (ownerCluster(object)?.name ?? "");
}

/** The owner reference to a Cluster of CNPG, if there is one. */
export function ownerCluster(object: KubernetesObject): { readonly name: string; readonly uid: string } | undefined {
  return object.metadata.ownerReferences?.find(
    ({ kind, apiVersion }) => kind === "Cluster" && apiVersion.startsWith("postgresql.cnpg.io/"),
  );
}

/** CNPG's labels of a volume or snapshot that are gone or say something else now. */
export function droppedLabels(before: KubernetesObject, after: KubernetesObject): readonly string[] {
  const labels = before.kind === "PersistentVolumeClaim" ? volumeLabels : snapshotLabels;
  return labels.filter((label) => labelOf(before, label) !== "" && labelOf(before, label) !== labelOf(after, label));
}
