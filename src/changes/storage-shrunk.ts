import type { Change } from "../model/change.ts";
import { fieldHit } from "./hits.ts";
import { updated } from "./judged.ts";
import { parseQuantity } from "./quantity.ts";
import { keptVolumes } from "./volumes.ts";

/** A smaller volume. CNPG answers 422, on which Flux with `force: true` deletes the Cluster and its volumes (cnpg.md section 6). */
export const storageShrunk: Change = {
  id: "storage-shrunk",
  title: "Storage shrunk",
  hazard: "data-loss",
  phase: "contract",
  resources: ["postgresql.cnpg.io/clusters"],
  operations: ["UPDATE"],
  why: "a volume cannot shrink: CNPG rejects it, and Flux with force: true then deletes the Cluster with its data",
  instead: "make a new, smaller Cluster from a backup and move to it",
  check(request) {
    const update = updated(request);
    if (update === null) return [];
    const { before, after } = update;
    return keptVolumes(before, after)
      .filter(({ from, to }) => isSmaller(from.size, to.size))
      .map(({ field, from, to }) =>
        fieldHit(after, after.metadata.name, `${field}.size`, from.size, to.size === "" ? null : to.size),
      );
  },
};

/** A size that was set and now is lower, gone, or not to be compared. */
function isSmaller(from: string, to: string): boolean {
  if (from === to || from === "") return false;
  const [before, after] = [parseQuantity(from), parseQuantity(to)];
  return before === null || after === null || after < before;
}
