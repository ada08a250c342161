import type { Change } from "../model/change.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import { numberAt, textAt, valueAt } from "./fields.ts";
import { fieldHit } from "./hits.ts";
import { updated } from "./judged.ts";

/** Another major version of PostgreSQL: CNPG runs pg_upgrade with links and makes the standbys anew (cnpg.md section 3). */
export const majorVersionChanged: Change = {
  id: "major-version-changed",
  title: "Major version of PostgreSQL changed",
  hazard: "recoverability",
  phase: "contract",
  resources: ["postgresql.cnpg.io/clusters"],
  operations: ["UPDATE"],
  why: "stops the whole Cluster for pg_upgrade and deletes the standbys' volumes; no older backup can be rolled forward past it",
  instead: "take a backup, change serverName in the same commit, and take another backup afterwards",
  check(request) {
    const update = updated(request);
    if (update === null) return [];
    const { before, after } = update;
    const [from, to] = [majorOf(before), majorOf(after)];
    if (from === null || to === null || from === to) return [];
    return [fieldHit(after, after.metadata.name, "PostgreSQL major version", from, to)];
  },
};

/** By the catalogue's number, or the tag of the image; null if neither says it. */
function majorOf(cluster: KubernetesObject): number | null {
  if (valueAt(cluster, "spec", "imageCatalogRef") !== undefined) {
    return numberAt(cluster, "spec", "imageCatalogRef", "major");
  }
  const tag = /:(\d+)(?:[.\-@]|$)/.exec(textAt(cluster, "spec", "imageName").replace(/^.*\//, ""))?.[1];
  return tag === undefined ? null : Number(tag);
}
