import type { Change } from "../model/change.ts";
import { textAt } from "./fields.ts";
import { fieldHit } from "./hits.ts";
import { written } from "./judged.ts";

/** Database `ensure: absent`: DROP DATABASE at once, retried until connections end (cnpg.md section 3). */
export const databaseAbsent: Change = {
  id: "database-absent",
  title: "Database set to absent",
  hazard: "data-loss",
  phase: "contract",
  resources: ["postgresql.cnpg.io/databases"],
  operations: ["CREATE", "UPDATE"],
  why: "drops the database with everything in it, at once",
  instead: "delete the Database object with databaseReclaimPolicy: retain; drop the database later by an approved run",
  check(request) {
    const change = written(request);
    if (change === null) return [];
    const [from, to] = [textAt(change.before, "spec", "ensure"), textAt(change.after, "spec", "ensure")];
    if (to !== "absent" || from === "absent") return [];
    const database = textAt(change.after, "spec", "name");
    const hit = fieldHit(change.after, textAt(change.after, "spec", "cluster", "name"), "ensure", from || null, to);
    return [
      { ...hit, display: `${hit.display}: drops database ${database}`, difference: { ...hit.difference, database } },
    ];
  },
};
