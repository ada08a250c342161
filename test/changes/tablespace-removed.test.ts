import { tablespaceRemoved } from "../../src/changes/tablespace-removed.ts";
import { cluster, describeChange, update } from "./requests.ts";

const having = (...names: readonly string[]) =>
  cluster({ tablespaces: names.map((name) => ({ name, storage: { size: "1Gi" } })) });

describeChange(tablespaceRemoved, {
  "one of two": { request: update(having("a", "b"), having("b")), shows: ["tablespaces.a 1Gi → not set"] },
  "the list is left out": {
    request: update(having("a"), cluster({ instances: 1 })),
    shows: ["tablespaces.a 1Gi → not set"],
  },
  "another order": { request: update(having("a", "b"), having("b", "a")), shows: [] },
  "one more": { request: update(having("a"), having("a", "b")), shows: [] },
});
