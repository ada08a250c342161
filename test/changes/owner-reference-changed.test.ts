import { ownerReferenceChanged } from "../../src/changes/owner-reference-changed.ts";
import { cluster, describeChange, object, update } from "./requests.ts";

const owner = (kind: string, name: string, uid = "1") => ({ apiVersion: "v1", kind, name, uid });
const owned = (...ownerReferences: readonly object[]) => cluster({ instances: 1 }, { ownerReferences });
const claim = (labels: object, ...ownerReferences: readonly object[]) =>
  object("PersistentVolumeClaim", "app-postgres-1", {}, { labels, ownerReferences });
const collector = "system:serviceaccount:kube-system:generic-garbage-collector";
const cnpg = { "cnpg.io/cluster": "app-postgres" };

describeChange(ownerReferenceChanged, {
  "an owner is added": {
    request: update(cluster({ instances: 1 }), owned(owner("ConfigMap", "gone"))),
    shows: ["owner none → ConfigMap/gone"],
  },
  "the uid alone is another": {
    request: update(owned(owner("ConfigMap", "a", "1")), owned(owner("ConfigMap", "a", "2"))),
    shows: ["owner ConfigMap/a: another uid"],
  },
  "a volume gets another owner": {
    request: update(claim(cnpg, owner("Cluster", "a")), claim(cnpg, owner("Cluster", "b"))),
    shows: ["owner Cluster/a → Cluster/b"],
  },
  "a Database gets one": {
    request: update(
      object("Database", "reports"),
      object("Database", "reports", {}, { ownerReferences: [owner("Job", "j")] }),
    ),
    shows: ["owner none → Job/j"],
  },
  "the order alone is another": {
    request: update(owned(owner("Job", "a"), owner("Job", "b")), owned(owner("Job", "b"), owner("Job", "a"))),
    shows: [],
  },
  "the garbage collector orphans it": {
    request: { ...update(owned(owner("Job", "a")), owned()), userInfo: { username: collector, groups: [] } },
    shows: [],
  },
  "the operator adopts a volume": {
    request: update(claim(cnpg), claim(cnpg, owner("Cluster", "app-postgres"))),
    facts: { isOperator: true },
    shows: [],
  },
  "a StatefulSet takes its own volume": {
    request: update(claim({}), claim({}, owner("StatefulSet", "redis"))),
    shows: [],
  },
});
