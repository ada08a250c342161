import { namespaceDeleted } from "../../src/changes/namespace-deleted.ts";
import { cluster, describeChange, object, remove } from "./requests.ts";

const production = remove(object("Namespace", "production", {}, { namespace: undefined }));

describeChange(namespaceDeleted, {
  "it holds Clusters": {
    request: production,
    facts: { clusters: [cluster({}, { name: "b" }), cluster({}, { name: "a" })] },
    shows: ["deletes Cluster a with it", "deletes Cluster b with it"],
  },
  "it holds only what a former Cluster is restored from": {
    request: production,
    facts: { backups: [object("Backup", "last")] },
    shows: ["deletes the backups of former Clusters with it"],
  },
  "it holds no database": { request: production, shows: [] },
  "its only Cluster is being deleted": {
    request: production,
    facts: { clusters: [cluster({}, { deletionTimestamp: "2026-11-24T08:00:00Z" })] },
    shows: [],
  },
});
