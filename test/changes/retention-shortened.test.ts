import { retentionShortened } from "../../src/changes/retention-shortened.ts";
import { cluster, describeChange, object, update } from "./requests.ts";

const inTree = (retentionPolicy?: string) =>
  cluster({
    backup: { barmanObjectStore: { destinationPath: "s3://sre/a" }, ...(retentionPolicy && { retentionPolicy }) },
  });
const plugin = cluster({
  plugins: [{ name: "barman-cloud.cloudnative-pg.io", isWALArchiver: true, parameters: { barmanObjectName: "store" } }],
});
const store = (retentionPolicy?: string) =>
  object("ObjectStore", "store", { spec: { configuration: {}, ...(retentionPolicy && { retentionPolicy }) } });

describeChange(retentionShortened, {
  "fewer days": { request: update(inTree("30d"), inTree("7d")), shows: ["retentionPolicy 30d → 7d"] },
  "weeks against days": { request: update(inTree("2w"), inTree("13d")), shows: ["retentionPolicy 2w → 13d"] },
  "months against weeks": { request: update(inTree("1m"), inTree("4w")), shows: ["retentionPolicy 1m → 4w"] },
  "all was kept before": { request: update(inTree(), inTree("90d")), shows: ["retentionPolicy not set → 90d"] },
  "a policy that cannot be read": {
    request: update(inTree("30d"), inTree("60 d")),
    shows: ["retentionPolicy 30d → 60 d"],
  },
  "of an ObjectStore": {
    request: update(store("7d"), store("1d")),
    facts: { clusters: [plugin] },
    shows: ["retentionPolicy 7d → 1d"],
  },
  "of an ObjectStore that nobody uses now": {
    request: update(store("7d"), store("1d")),
    shows: ["retentionPolicy 7d → 1d"],
  },
  "to the plugin, whose ObjectStore keeps less": {
    request: update(inTree("30d"), plugin),
    facts: { objectStores: [store("7d")] },
    shows: ["retentionPolicy 30d → 7d"],
  },
  "to the plugin, the retention moved along": {
    request: update(inTree("30d"), plugin),
    facts: { objectStores: [store("30d")] },
    shows: [],
  },
  "more days": { request: update(inTree("7d"), inTree("30d")), shows: [] },
  "the same in other words": { request: update(inTree("14d"), inTree("2w")), shows: [] },
  "from now on all is kept": { request: update(inTree("7d"), inTree()), shows: [] },
});
