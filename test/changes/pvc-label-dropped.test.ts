import { pvcLabelDropped } from "../../src/changes/pvc-label-dropped.ts";
import { describeChange, object, update } from "./requests.ts";

const claim = (labels: Readonly<Record<string, string>>) =>
  object("PersistentVolumeClaim", "app-postgres-1", {}, { labels: { app: "backend", ...labels } });
const cnpg = { "cnpg.io/cluster": "app-postgres", "cnpg.io/pvcRole": "PG_DATA", "cnpg.io/instanceRole": "replica" };

describeChange(pvcLabelDropped, {
  "the labels go": {
    request: update(claim(cnpg), claim({})),
    shows: ["label cnpg.io/cluster app-postgres → not set", "label cnpg.io/pvcRole PG_DATA → not set"],
  },
  "it is said to be another Cluster's": {
    request: update(claim(cnpg), claim({ ...cnpg, "cnpg.io/cluster": "other" })),
    shows: ["label cnpg.io/cluster app-postgres → other"],
  },
  "the operator does it": { request: update(claim(cnpg), claim({})), facts: { isOperator: true }, shows: [] },
  "a role changes": { request: update(claim(cnpg), claim({ ...cnpg, "cnpg.io/instanceRole": "primary" })), shows: [] },
  "it never had them": { request: update(claim({}), claim({ app: "frontend" })), shows: [] },
});
