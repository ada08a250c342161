import { walStorageRemoved } from "../../src/changes/wal-storage-removed.ts";
import { cluster, describeChange, update } from "./requests.ts";

const without = cluster({ storage: { size: "1Gi" } });
const withWal = (size: string) => cluster({ storage: { size: "1Gi" }, walStorage: { size } });

describeChange(walStorageRemoved, {
  "it is left out": { request: update(withWal("2Gi"), without), shows: ["walStorage 2Gi → not set"] },
  "it is written as null": {
    request: update(withWal("2Gi"), cluster({ storage: { size: "1Gi" }, walStorage: null })),
    shows: ["walStorage 2Gi → not set"],
  },
  "it grows": { request: update(withWal("2Gi"), withWal("3Gi")), shows: [] },
  "it is added": { request: update(without, withWal("2Gi")), shows: [] },
});
