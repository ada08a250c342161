import type { Change, ChangeHit } from "../model/change.ts";
import { deletionHit } from "./hits.ts";
import { deleted } from "./judged.ts";
import { isTerminating } from "./writers.ts";

/** DELETE of a Namespace that holds databases or what they are restored from: everything in it goes, unasked. */
export const namespaceDeleted: Change = {
  id: "namespace-deleted",
  title: "Namespace with databases deleted",
  hazard: "data-loss",
  phase: "contract",
  resources: ["core/namespaces"],
  operations: ["DELETE"],
  why: "deletes every Cluster in it with its volumes, its Backups and its ObjectStores",
  instead:
    "move the databases first; keep the Namespace out of pruning with kustomize.toolkit.fluxcd.io/prune: disabled",
  check(request, facts) {
    const namespace = deleted(request);
    if (namespace === null) return [];
    const clusters = facts.clusters.filter((cluster) => !isTerminating(cluster)).map(({ metadata }) => metadata.name);
    const hit = (cluster: string, what: string): ChangeHit =>
      deletionHit(namespace, cluster, `deletes ${what} with it`);
    if (clusters.length > 0) return clusters.sort().map((name) => hit(name, `Cluster ${name}`));
    const remains = [...facts.backups, ...facts.volumeSnapshots, ...facts.objectStores];
    return remains.length === 0 ? [] : [hit("", "the backups of former Clusters")];
  },
};
