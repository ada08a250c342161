import type { Change, ChangeFacts } from "../model/change.ts";
import type { AdmissionRequest, KubernetesObject } from "../model/kubernetes.ts";
import { objectStoreOf, walArchiverOf } from "./archiver.ts";
import { textAt } from "./fields.ts";
import { fieldHit } from "./hits.ts";
import { updated } from "./judged.ts";
import { clustersArchivingTo } from "./object-store-references.ts";

/** Backups and WAL older than the policy are deleted after the next backup, or within 30 minutes (cnpg.md section 3). */
export const retentionShortened: Change = {
  id: "retention-shortened",
  title: "Backup retention shortened",
  hazard: "recoverability",
  phase: "contract",
  resources: ["postgresql.cnpg.io/clusters", "barmancloud.cnpg.io/objectstores"],
  operations: ["UPDATE"],
  why: "deletes the base backups and WAL older than the new window, for good, within minutes to a day",
  instead: "copy the backups that must be kept elsewhere first",
  check(request, facts) {
    const update = updated(request);
    if (update === null) return [];
    const { before, after } = update;
    const [from, to] = [policyOf(before, request, facts), policyOf(after, request, facts)];
    if (from === null || to === null || daysKept(to) >= daysKept(from)) return [];
    const bearers = isObjectStore(request) ? clustersArchivingTo(after, facts) : [after.metadata.name];
    return (bearers.length === 0 ? [""] : bearers).map((cluster) =>
      fieldHit(after, cluster, "retentionPolicy", from || null, to),
    );
  },
};

function isObjectStore(request: AdmissionRequest): boolean {
  return request.resource.resource === "objectstores";
}

/** The retention policy in force, "" if everything is kept, null if nothing is archived at all (judged elsewhere). */
function policyOf(object: KubernetesObject, request: AdmissionRequest, facts: ChangeFacts): string | null {
  if (isObjectStore(request)) return textAt(object, "spec", "retentionPolicy");
  const archiver = walArchiverOf(object);
  if (archiver === null) return null;
  if (archiver.kind === "in-tree") return textAt(object, "spec", "backup", "retentionPolicy");
  return textAt(objectStoreOf(archiver, facts), "spec", "retentionPolicy");
}

const daysIn: ReadonlyMap<string, number> = new Map([
  ["d", 1],
  ["w", 7],
  ["m", 31],
]);

/** Days a policy keeps, as barman counts them. Without a policy all is kept; of one that cannot be read nothing is sure to be. */
function daysKept(policy: string): number {
  if (policy === "") return Number.POSITIVE_INFINITY;
  const [, count = "0", unit = ""] = /^([1-9]\d*)([dwm])$/.exec(policy) ?? [];
  return Number(count) * (daysIn.get(unit) ?? 0);
}
