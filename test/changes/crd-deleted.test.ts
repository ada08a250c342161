import { crdDeleted } from "../../src/changes/crd-deleted.ts";
import { describeChange, object, remove } from "./requests.ts";

const crd = (group: string, kind: string) =>
  remove(object("CustomResourceDefinition", `${kind.toLowerCase()}s.${group}`, { spec: { group, names: { kind } } }));

describeChange(crdDeleted, {
  "the CRD of Clusters": {
    request: crd("postgresql.cnpg.io", "Cluster"),
    shows: ["deletes every Cluster of the cluster"],
  },
  "the CRD of ObjectStores": {
    request: crd("barmancloud.cnpg.io", "ObjectStore"),
    shows: ["deletes every ObjectStore of the cluster"],
  },
  "somebody else's CRD": { request: crd("example.com", "Cluster"), shows: [] },
  "a group that only ends like CNPG's": { request: crd("notpostgresql.cnpg.io", "Cluster"), shows: [] },
});
