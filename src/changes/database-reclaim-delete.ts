import type { Change, ChangeHit } from "../model/change.ts";
import type { AdmissionRequest, KubernetesObject } from "../model/kubernetes.ts";
import { textAt } from "./fields.ts";
import { deletionHit, fieldHit } from "./hits.ts";
import { deleted, updated } from "./judged.ts";

/** databaseReclaimPolicy switched to `delete`, or a Database with it deleted: its finalizer drops the database (cnpg.md section 3). */
export const databaseReclaimDelete: Change = {
  id: "database-reclaim-delete",
  title: "Database reclaimed by deletion",
  hazard: "data-loss",
  phase: "contract",
  resources: ["postgresql.cnpg.io/databases"],
  operations: ["UPDATE", "DELETE"],
  why: "with this policy, deleting the object (or pruning it from Git) drops the database with everything in it",
  instead: "keep databaseReclaimPolicy: retain; drop the database later by an approved run",
  check(request) {
    return request.operation === "DELETE" ? deletion(request) : flip(request);
  },
};

function deletion(request: AdmissionRequest): readonly ChangeHit[] {
  const object = deleted(request);
  if (object === null || policyOf(object) !== "delete") return [];
  const database = textAt(object, "spec", "name");
  const hit = deletionHit(object, clusterOf(object), `deletes the Database and drops database ${database}`);
  return [{ ...hit, difference: { ...hit.difference, database } }];
}

function flip(request: AdmissionRequest): readonly ChangeHit[] {
  const update = updated(request);
  if (update === null) return [];
  const [from, to] = [policyOf(update.before), policyOf(update.after)];
  if (to !== "delete" || from === "delete") return [];
  return [fieldHit(update.after, clusterOf(update.after), "databaseReclaimPolicy", from || null, to)];
}

function policyOf(database: KubernetesObject): string {
  return textAt(database, "spec", "databaseReclaimPolicy");
}

function clusterOf(database: KubernetesObject): string {
  return textAt(database, "spec", "cluster", "name");
}
