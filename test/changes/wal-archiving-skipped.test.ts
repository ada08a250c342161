import { walArchivingSkipped } from "../../src/changes/wal-archiving-skipped.ts";
import { annotated, create, describeChange, update } from "./requests.ts";

const key = "cnpg.io/skipWalArchiving";
const on = annotated({ [key]: "enabled", team: "a" });
const shown = (from: string) => [`annotation ${key} ${from} → enabled`];

describeChange(walArchivingSkipped, {
  "it is added": { request: update(annotated({ team: "a" }), on), shows: shown("not set") },
  "its value is turned": { request: update(annotated({ [key]: "disabled" }), on), shows: shown("disabled") },
  "a Cluster is made with it": { request: create(on), shows: shown("not set") },
  "it is taken away": { request: update(on, annotated({ team: "a" })), shows: [] },
  "it was there before": { request: update(on, annotated({ [key]: "enabled", team: "b" })), shows: [] },
  "a value that CNPG does not act on": { request: update(annotated({}), annotated({ [key]: "disabled" })), shows: [] },
});
