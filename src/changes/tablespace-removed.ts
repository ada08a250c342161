import type { Change } from "../model/change.ts";
import { fieldHit } from "./hits.ts";
import { updated } from "./judged.ts";
import { removedVolumes, volumesOf } from "./volumes.ts";

/** An entry of spec.tablespaces taken out: CNPG cannot remove tablespaces (cnpg.md section 3). */
export const tablespaceRemoved: Change = {
  id: "tablespace-removed",
  title: "Tablespace removed",
  hazard: "data-loss",
  phase: "contract",
  resources: ["postgresql.cnpg.io/clusters"],
  operations: ["UPDATE"],
  why: "the volume with the tables and indexes in it goes, and the servers do not start without it",
  instead: "move everything out of it and make a new Cluster without it",
  check(request) {
    const update = updated(request);
    if (update === null) return [];
    const { before, after } = update;
    return removedVolumes(before, after)
      .filter((field) => field.startsWith("tablespaces."))
      .map((field) =>
        fieldHit(after, after.metadata.name, field, volumesOf(before).get(field)?.size || "present", null),
      );
  },
};
