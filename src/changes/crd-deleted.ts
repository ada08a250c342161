import type { Change } from "../model/change.ts";
import { textAt } from "./fields.ts";
import { deletionHit } from "./hits.ts";
import { deleted } from "./judged.ts";

const groups = new Set(["postgresql.cnpg.io", "barmancloud.cnpg.io"]);

/** DELETE of one of CNPG's CustomResourceDefinitions: all objects of the kind go, in every namespace. */
export const crdDeleted: Change = {
  id: "crd-deleted",
  title: "CRD of CloudNativePG deleted",
  hazard: "data-loss",
  phase: "contract",
  resources: ["apiextensions.k8s.io/customresourcedefinitions"],
  operations: ["DELETE"],
  why: "deletes every object of this kind in the whole cluster; for Clusters that is every database",
  instead: "upgrade the CRD in place; uninstall CNPG only when no namespace holds its objects",
  check(request) {
    const crd = deleted(request);
    if (crd === null || !groups.has(textAt(crd, "spec", "group"))) return [];
    const kind = textAt(crd, "spec", "names", "kind");
    return [deletionHit(crd, "", `deletes every ${kind} of the cluster`)];
  },
};
