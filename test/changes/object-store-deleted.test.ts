import { objectStoreDeleted } from "../../src/changes/object-store-deleted.ts";
import { cluster, describeChange, object, remove, update } from "./requests.ts";

const store = object("ObjectStore", "store", { spec: { retentionPolicy: "7d" } });
const plugin = { name: "barman-cloud.cloudnative-pg.io", parameters: { barmanObjectName: "store" } };
const archives = cluster({ plugins: [plugin] });
const restores = cluster({ externalClusters: [{ name: "origin", plugin }] }, { name: "app-postgres-r1" });

describeChange(objectStoreDeleted, {
  "Clusters archive to it and restore from it": {
    request: remove(store),
    facts: { clusters: [restores, archives] },
    shows: [
      "deletes the ObjectStore that Cluster app-postgres uses",
      "deletes the ObjectStore that Cluster app-postgres-r1 uses",
    ],
  },
  "no Cluster uses it, but backups lie there": {
    request: remove(store),
    facts: { clusters: [cluster()] },
    shows: ["deletes the ObjectStore that backups are found by"],
  },
  "it is only changed": { request: update(store, object("ObjectStore", "store")), shows: [] },
});
