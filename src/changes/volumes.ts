import type { KubernetesObject } from "../model/kubernetes.ts";
import { byName, fieldsAt, listAt, textAt, valueAt } from "./fields.ts";

/** One storage configuration of a Cluster. "" where nothing is written. */
export interface Volume {
  readonly size: string;
  readonly storageClass: string;
  /** the rest of the claim's template */
  readonly template: unknown;
}

/** The volumes each instance of a Cluster has, by field: "storage", "walStorage", "tablespaces.NAME". */
export function volumesOf(cluster: KubernetesObject): ReadonlyMap<string, Volume> {
  const volumes = new Map([["storage", volumeIn(valueAt(cluster, "spec", "storage"))]]);
  const wal = valueAt(cluster, "spec", "walStorage");
  if (wal !== undefined) volumes.set("walStorage", volumeIn(wal));
  for (const [name, tablespace] of byName(listAt(cluster, "spec", "tablespaces"))) {
    volumes.set(`tablespaces.${name}`, volumeIn(valueAt(tablespace, "storage")));
  }
  return volumes;
}

/** Volumes that both sides have. */
export function keptVolumes(
  before: KubernetesObject,
  after: KubernetesObject,
): readonly { readonly field: string; readonly from: Volume; readonly to: Volume }[] {
  const now = volumesOf(after);
  return [...volumesOf(before)].flatMap(([field, from]) => {
    const to = now.get(field);
    return to === undefined ? [] : [{ field, from, to }];
  });
}

/** Fields of volumes that are gone. */
export function removedVolumes(before: KubernetesObject, after: KubernetesObject): readonly string[] {
  const now = volumesOf(after);
  return [...volumesOf(before).keys()].filter((field) => !now.has(field));
}

/** Size and class may stand in the claim's template instead. */
function volumeIn(storage: unknown): Volume {
  const { resources, storageClassName, ...template } = fieldsAt(storage, "pvcTemplate");
  return {
    size: quantityText(valueAt(storage, "size")) || quantityText(valueAt(resources, "requests", "storage")),
    storageClass: textAt(storage, "storageClass") || textAt({ storageClassName }, "storageClassName"),
    template,
  };
}

/** Quantities may be written as bare numbers. */
function quantityText(quantity: unknown): string {
  return typeof quantity === "string" || typeof quantity === "number" ? String(quantity) : "";
}
