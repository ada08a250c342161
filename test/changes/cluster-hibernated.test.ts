import { clusterHibernated } from "../../src/changes/cluster-hibernated.ts";
import { annotated, create, describeChange, update } from "./requests.ts";

const key = "cnpg.io/hibernation";
const on = annotated({ [key]: "on", team: "a" });
const shown = (from: string) => [`annotation ${key} ${from} → on`];

describeChange(clusterHibernated, {
  "it is added": { request: update(annotated({ team: "a" }), on), shows: shown("not set") },
  "its value is turned": { request: update(annotated({ [key]: "off" }), on), shows: shown("off") },
  "a Cluster is made with it": { request: create(on), shows: shown("not set") },
  "it is taken away": { request: update(on, annotated({ team: "a" })), shows: [] },
  "it was there before": { request: update(on, annotated({ [key]: "on", team: "b" })), shows: [] },
  "a value that CNPG does not act on": { request: update(annotated({}), annotated({ [key]: "off" })), shows: [] },
  "the operator does it": { request: update(annotated({}), on), facts: { isOperator: true }, shows: [] },
});
