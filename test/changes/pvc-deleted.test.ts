import { pvcDeleted } from "../../src/changes/pvc-deleted.ts";
import { cluster, describeChange, object, remove } from "./requests.ts";

const labels = { "cnpg.io/cluster": "app-postgres", "cnpg.io/pvcRole": "PG_DATA" };
const owner = {
  apiVersion: "postgresql.cnpg.io/v1",
  kind: "Cluster",
  name: "app-postgres",
  uid: "uid-of-app-postgres",
  controller: true,
};
const claim = (metadata: object) => remove(object("PersistentVolumeClaim", "app-postgres-1", {}, { ...metadata }));
const volume = claim({ labels, ownerReferences: [owner] });
const lost = ["deletes a volume of the database"];

describeChange(pvcDeleted, {
  "a volume of a living Cluster": { request: volume, facts: { clusters: [cluster()] }, shows: lost },
  "its labels are gone, its owner is not": {
    request: claim({ ownerReferences: [owner] }),
    facts: { clusters: [cluster()] },
    shows: lost,
  },
  "an orphan that a Cluster of this name would take over": { request: claim({ labels }), shows: lost },
  "the Cluster is read from a file and has no uid": {
    request: volume,
    facts: { clusters: [cluster({}, { uid: undefined })] },
    shows: lost,
  },
  "the operator scales down": { request: volume, facts: { clusters: [cluster()], isOperator: true }, shows: [] },
  "the Cluster is being deleted": {
    request: volume,
    facts: { clusters: [cluster({}, { deletionTimestamp: "2026-11-24T08:00:00Z" })] },
    shows: [],
  },
  "the Cluster is gone": { request: volume, shows: [] },
  "a Cluster of the same name is another one": {
    request: volume,
    facts: { clusters: [cluster({}, { uid: "another" })] },
    shows: [],
  },
  "a volume of another kind of Cluster": {
    request: claim({ ownerReferences: [{ ...owner, apiVersion: "cluster.x-k8s.io/v1beta1" }] }),
    facts: { clusters: [cluster()] },
    shows: [],
  },
  "a volume that is no database's": { request: claim({ labels: { app: "backend" } }), shows: [] },
});
