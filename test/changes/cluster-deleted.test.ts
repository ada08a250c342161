import { clusterDeleted } from "../../src/changes/cluster-deleted.ts";
import { cluster, describeChange, remove, update } from "./requests.ts";

const mine = cluster({ instances: 1 });

describeChange(clusterDeleted, {
  "a person or Flux deletes it": { request: remove(mine), shows: ["deletes the Cluster and its volumes"] },
  "the operator's account deletes it": {
    request: remove(mine),
    facts: { isOperator: true },
    shows: ["deletes the Cluster and its volumes"],
  },
  "it is only changed": { request: update(mine, cluster({ instances: 3 })), shows: [] },
});
