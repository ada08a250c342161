import type { Change } from "../model/change.ts";
import { annotationIn } from "./annotations.ts";
import { fieldHit } from "./hits.ts";
import { written } from "./judged.ts";

const key = "cnpg.io/hibernation";

/** cnpg.io/hibernation: on; a hibernated Cluster refuses backups (cnpg.md sections 2.1 and 3). */
export const clusterHibernated: Change = {
  id: "cluster-hibernated",
  title: "Cluster hibernated",
  hazard: "availability",
  phase: "migrate",
  resources: ["postgresql.cnpg.io/clusters"],
  operations: ["CREATE", "UPDATE"],
  why: "stops every server of the Cluster; no backups can be taken meanwhile",
  instead: "wait for a maintenance window, with a fresh backup",
  check(request, facts) {
    const change = facts.isOperator ? null : written(request);
    if (change === null) return [];
    const { from, to } = annotationIn(change, key);
    if (to !== "on" || from === to) return [];
    return [fieldHit(change.after, change.after.metadata.name, `annotation ${key}`, from || null, to)];
  },
};
