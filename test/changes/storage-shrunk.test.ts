import { storageShrunk } from "../../src/changes/storage-shrunk.ts";
import { cluster, describeChange, type Fields, update } from "./requests.ts";

const change = (before: Fields, after: Fields) => update(cluster(before), cluster({ ...after, logLevel: "debug" }));
const size = (text: string) => ({ storage: { size: text } });
const template = (storage: unknown) => ({ storage: { pvcTemplate: { resources: { requests: { storage } } } } });
const tablespace = (name: string, text: string) => ({ name, storage: { size: text } });

describeChange(storageShrunk, {
  "half of it": { request: change(size("10Gi"), size("5Gi")), shows: ["storage.size 10Gi → 5Gi"] },
  "the same number of a smaller unit": {
    request: change(size("10Gi"), size("10G")),
    shows: ["storage.size 10Gi → 10G"],
  },
  "a size that cannot be read": { request: change(size("10Gi"), size("20 GB")), shows: ["storage.size 10Gi → 20 GB"] },
  "the size is gone": { request: change(size("10Gi"), { storage: {} }), shows: ["storage.size 10Gi → not set"] },
  "the WAL volume": {
    request: change({ ...size("1Gi"), walStorage: { size: "2Gi" } }, { ...size("1Gi"), walStorage: { size: "1Gi" } }),
    shows: ["walStorage.size 2Gi → 1Gi"],
  },
  "one of the tablespaces, in another order": {
    request: change(
      { tablespaces: [tablespace("a", "1Gi"), tablespace("b", "2Gi")] },
      { tablespaces: [tablespace("b", "1Gi"), tablespace("a", "1Gi")] },
    ),
    shows: ["tablespaces.b.size 2Gi → 1Gi"],
  },
  "written in the claim's template": {
    request: change(template("10Gi"), template("1Gi")),
    shows: ["storage.size 10Gi → 1Gi"],
  },
  "a bare number in the template": {
    request: change(template("1Gi"), template(1024)),
    shows: ["storage.size 1Gi → 1024"],
  },
  "a size that cannot be read, but is the same": { request: change(size("10 GB"), size("10 GB")), shows: [] },
  "moved into the template": { request: change(size("10Gi"), template("10Gi")), shows: [] },
  "the same in another unit": { request: change(size("1Gi"), size("1024Mi")), shows: [] },
  "more of it": { request: change(size("900Mi"), size("1Gi")), shows: [] },
  "resizeInUseVolumes appears": {
    request: change(size("1Gi"), { storage: { size: "1Gi", resizeInUseVolumes: true } }),
    shows: [],
  },
});
