import type { Change } from "../model/change.ts";
import { deletionHit } from "./hits.ts";
import { deleted } from "./judged.ts";

/** DELETE of a Cluster: CNPG's volumes are owned by it (cnpg.md section 3; its webhooks never see a DELETE). */
export const clusterDeleted: Change = {
  id: "cluster-deleted",
  title: "Cluster deleted",
  hazard: "data-loss",
  phase: "contract",
  resources: ["postgresql.cnpg.io/clusters"],
  operations: ["DELETE"],
  why: "deletes the database servers and their volumes; what is in the object store or in snapshots is all that is left",
  instead:
    "keep it until the new Cluster serves; take it out of Git in a later commit, with kustomize.toolkit.fluxcd.io/prune: disabled until then",
  check(request) {
    const cluster = deleted(request);
    if (cluster === null) return [];
    return [deletionHit(cluster, cluster.metadata.name, "deletes the Cluster and its volumes")];
  },
};
