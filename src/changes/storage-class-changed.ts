import type { Change, ChangeHit } from "../model/change.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import { canonical } from "./fields.ts";
import { fieldHit, subjectOf } from "./hits.ts";
import { updated } from "./judged.ts";
import { keptVolumes, type Volume } from "./volumes.ts";

/** Another storage class or claim template: CNPG applies it to new volumes only (cnpg.md section 3). */
export const storageClassChanged: Change = {
  id: "storage-class-changed",
  title: "Storage class changed",
  hazard: "availability",
  phase: "migrate",
  resources: ["postgresql.cnpg.io/clusters"],
  operations: ["UPDATE"],
  why: "only new volumes get it: it takes effect by deleting the old ones, one instance after the other",
  instead: "replace the standbys one by one, each healthy before the next, then switch over",
  check(request) {
    const update = updated(request);
    if (update === null) return [];
    const { before, after } = update;
    return keptVolumes(before, after).flatMap(({ field, from, to }) => [
      ...classHits(after, field, from, to),
      ...templateHits(after, field, from, to),
    ]);
  },
};

function classHits(cluster: KubernetesObject, field: string, from: Volume, to: Volume): readonly ChangeHit[] {
  if (from.storageClass === to.storageClass) return [];
  const name = cluster.metadata.name;
  return [fieldHit(cluster, name, `${field}.storageClass`, from.storageClass || null, to.storageClass || null)];
}

function templateHits(cluster: KubernetesObject, field: string, from: Volume, to: Volume): readonly ChangeHit[] {
  if (canonical(from.template) === canonical(to.template)) return [];
  const name = cluster.metadata.name;
  const difference = { [`${field}.pvcTemplate`]: { from: from.template, to: to.template } };
  return [{ subject: subjectOf(cluster), display: `${field}.pvcTemplate changed`, difference, cluster: name }];
}
