import type { Change, ChangeFacts } from "../model/change.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import { clusterOf, isDatabaseVolume, ownerCluster } from "./cnpg-labels.ts";
import { deletionHit } from "./hits.ts";
import { deleted } from "./judged.ts";
import { isTerminating } from "./writers.ts";

/** DELETE of a database server's volume. The operator does it when it scales down, which `instances-lowered` has judged. */
export const pvcDeleted: Change = {
  id: "pvc-deleted",
  title: "Volume of a database server deleted",
  hazard: "data-loss",
  phase: "contract",
  resources: ["core/persistentvolumeclaims"],
  operations: ["DELETE"],
  why: "deletes the files of a database server; if it is the primary, or the last one, the data is gone",
  instead: "kubectl cnpg destroy CLUSTER INSTANCE for a standby; a primary only after a switchover",
  check(request, facts) {
    const claim = facts.isOperator ? null : deleted(request);
    if (claim === null || !isDatabaseVolume(claim) || ownerIsGoing(claim, facts)) return [];
    return [deletionHit(claim, clusterOf(claim), "deletes a volume of the database")];
  },
};

/** Its Cluster was let go before: the garbage collector takes the volume whoever else asks. An orphan has no owner and is judged. */
function ownerIsGoing(claim: KubernetesObject, facts: ChangeFacts): boolean {
  const owner = ownerCluster(claim);
  if (owner === undefined) return false;
  const alive = facts.clusters.find(
    ({ metadata: { name, uid } }) => name === owner.name && (uid ?? owner.uid) === owner.uid,
  );
  return alive === undefined || isTerminating(alive);
}
