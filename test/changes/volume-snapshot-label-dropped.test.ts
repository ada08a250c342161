import { volumeSnapshotLabelDropped } from "../../src/changes/volume-snapshot-label-dropped.ts";
import { describeChange, object, update } from "./requests.ts";

const snapshot = (labels: object) => object("VolumeSnapshot", "app-postgres-20261124", {}, { labels });
const cnpg = { "cnpg.io/cluster": "app-postgres", "cnpg.io/backupName": "b" };

describeChange(volumeSnapshotLabelDropped, {
  "a label goes": {
    request: update(snapshot(cnpg), snapshot({ "cnpg.io/cluster": "app-postgres" })),
    shows: ["label cnpg.io/backupName b → not set"],
  },
  "the operator does it": { request: update(snapshot(cnpg), snapshot({})), facts: { isOperator: true }, shows: [] },
  "another label is added": { request: update(snapshot(cnpg), snapshot({ ...cnpg, keep: "yes" })), shows: [] },
});
