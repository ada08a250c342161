import { volumeSnapshotDeleted } from "../../src/changes/volume-snapshot-deleted.ts";
import { describeChange, object, remove } from "./requests.ts";

const snapshot = (labels: object) => remove(object("VolumeSnapshot", "app-postgres-20261124", {}, { labels }));

describeChange(volumeSnapshotDeleted, {
  "known by its Cluster": {
    request: snapshot({ "cnpg.io/cluster": "app-postgres" }),
    shows: ["deletes a base backup"],
  },
  "known by its Backup": { request: snapshot({ "cnpg.io/backupName": "b" }), shows: ["deletes a base backup"] },
  "a snapshot that is no database's": { request: snapshot({ app: "backend" }), shows: [] },
});
