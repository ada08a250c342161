import type { Change } from "../model/change.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import { byName, listAt, textAt } from "./fields.ts";
import { fieldHit } from "./hits.ts";
import { written } from "./judged.ts";

/** Fields of a Database that list things CNPG makes and drops; dropping is without CASCADE, leaving one out drops nothing. */
const lists = ["schemas", "extensions", "fdws", "servers"] as const;

/** `ensure: absent` on something inside a Database (cnpg.md section 3). */
export const databaseChildrenAbsent: Change = {
  id: "database-children-absent",
  title: "Schema, extension or foreign server set to absent",
  hazard: "data-loss",
  phase: "contract",
  resources: ["postgresql.cnpg.io/databases"],
  operations: ["CREATE", "UPDATE"],
  why: "drops it at once; what an extension keeps goes with it, a schema that is not empty stays",
  instead: "leave the entry out: CNPG then lets go of it and drops nothing",
  check(request) {
    const change = written(request);
    if (change === null) return [];
    const { before, after } = change;
    return absentIn(after)
      .filter((entry) => before === null || !absentIn(before).includes(entry))
      .map((entry) =>
        fieldHit(after, textAt(after, "spec", "cluster", "name"), `${entry}.ensure`, "present", "absent"),
      );
  },
};

function absentIn(database: KubernetesObject): readonly string[] {
  return lists.flatMap((list) =>
    [...byName(listAt(database, "spec", list))]
      .filter(([, entry]) => textAt(entry, "ensure") === "absent")
      .map(([name]) => `${list}.${name}`),
  );
}
