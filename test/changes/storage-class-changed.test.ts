import { storageClassChanged } from "../../src/changes/storage-class-changed.ts";
import { cluster, describeChange, type Fields, update } from "./requests.ts";

const change = (before: Fields, after: Fields) =>
  update(cluster({ storage: { size: "1Gi", ...before } }), cluster({ storage: { size: "2Gi", ...after } }));

describeChange(storageClassChanged, {
  "another class": {
    request: change({ storageClass: "fast" }, { storageClass: "slow" }),
    shows: ["storage.storageClass fast → slow"],
  },
  "a class instead of the default one": {
    request: change({}, { storageClass: "slow" }),
    shows: ["storage.storageClass not set → slow"],
  },
  "of a tablespace": {
    request: update(
      cluster({ tablespaces: [{ name: "a", storage: { storageClass: "fast" } }] }),
      cluster({ tablespaces: [{ name: "a", storage: { storageClass: "slow" } }] }),
    ),
    shows: ["tablespaces.a.storageClass fast → slow"],
  },
  "another access mode in the template": {
    request: change(
      { pvcTemplate: { accessModes: ["ReadWriteOnce"] } },
      { pvcTemplate: { accessModes: ["ReadWriteMany"] } },
    ),
    shows: ["storage.pvcTemplate changed"],
  },
  "moved into the template": {
    request: change({ storageClass: "fast" }, { pvcTemplate: { storageClassName: "fast" } }),
    shows: [],
  },
  "only the size": { request: change({}, {}), shows: [] },
});
