import type { Change } from "../model/change.ts";
import { fieldHit } from "./hits.ts";
import { updated } from "./judged.ts";
import { removedVolumes, volumesOf } from "./volumes.ts";

/** spec.walStorage taken out: CNPG rejects it unless its validation is disabled, and cannot carry it out (cnpg.md section 3). */
export const walStorageRemoved: Change = {
  id: "wal-storage-removed",
  title: "WAL volume removed",
  hazard: "data-loss",
  phase: "contract",
  resources: ["postgresql.cnpg.io/clusters"],
  operations: ["UPDATE"],
  why: "the servers lose the volume their WAL is on: committed changes that are not archived yet go with it",
  instead: "make a new Cluster without walStorage from a backup and move to it",
  check(request) {
    const update = updated(request);
    if (update === null) return [];
    const { before, after } = update;
    return removedVolumes(before, after)
      .filter((field) => field === "walStorage")
      .map((field) =>
        fieldHit(after, after.metadata.name, field, volumesOf(before).get(field)?.size || "present", null),
      );
  },
};
