import type { Change, ChangeFacts, ChangeHit } from "../model/change.ts";
import type { AdmissionRequest, KubernetesObject } from "../model/kubernetes.ts";
import { type ArchiveMove, movesBetween, movesOf } from "./archive-moves.ts";
import { locationIn, walArchiverOf } from "./archiver.ts";
import { valueAt } from "./fields.ts";
import { shown, subjectOf } from "./hits.ts";
import { type Updated, updated } from "./judged.ts";
import { clustersArchivingTo } from "./object-store-references.ts";

/** The archive lies elsewhere, or is reached with other credentials (cnpg.md sections 1.6 and 3). */
export const backupLocationChanged: Change = {
  id: "backup-location-changed",
  title: "Backup location changed",
  hazard: "recoverability",
  phase: "migrate",
  resources: ["postgresql.cnpg.io/clusters", "barmancloud.cnpg.io/objectstores"],
  operations: ["UPDATE"],
  why: "the new archive is empty: no point-in-time recovery until a base backup completes there, and older Backups no longer match",
  instead: "take a backup at once after the change; create a new ObjectStore one commit before a Cluster uses it",
  check(request, facts) {
    const update = updated(request);
    if (update === null) return [];
    return isObjectStore(request) ? storeHits(update, facts) : clusterHits(update, facts);
  },
};

function isObjectStore(request: AdmissionRequest): boolean {
  return request.resource.resource === "objectstores";
}

function clusterHits({ before, after }: Updated, facts: ChangeFacts): readonly ChangeHit[] {
  const [from, to] = [walArchiverOf(before), walArchiverOf(after)];
  if (from === null || to === null) return [];
  return movesOf(from, to, facts).map((move) => moveHit(after, after.metadata.name, move));
}

function storeHits({ before, after }: Updated, facts: ChangeFacts): readonly ChangeHit[] {
  const [from, to] = [before, after].map((store) => locationIn(valueAt(store, "spec", "configuration"), "", ""));
  if (from === undefined || to === undefined) return [];
  const users = clustersArchivingTo(after, facts);
  const moves = movesBetween(from, to);
  return (users.length === 0 ? [""] : users).flatMap((user) => moves.map((move) => moveHit(after, user, move)));
}

function moveHit(object: KubernetesObject, cluster: string, { field, from, to }: ArchiveMove): ChangeHit {
  const isReference = field === "credentials";
  return {
    subject: subjectOf(object),
    display: isReference
      ? "backup credentials changed"
      : `backup ${field} ${shown(from || null)} → ${shown(to || null)}`,
    difference: { [field]: { from, to } },
    cluster,
  };
}
