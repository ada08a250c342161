import type { Rule } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { pasted } from "./paste.ts";

export const detachPartitionBlocking: Rule = {
  id: "detach-partition-blocking",
  title: "Detach a partition while reads and writes wait",
  hazard: "availability",
  phase: "contract",
  why: "reads and writes of the whole table wait (ACCESS EXCLUSIVE lock) behind the longest query that runs now",
  instead: "DETACH PARTITION … CONCURRENTLY, outside a transaction",
  bad: ["ALTER TABLE app.events DETACH PARTITION app.events_2025;"],
  good: [
    "ALTER TABLE app.events DETACH PARTITION app.events_2025 CONCURRENTLY;",
    "CREATE TABLE parent (id int) PARTITION BY LIST (id); CREATE TABLE child PARTITION OF parent DEFAULT; ALTER TABLE parent DETACH PARTITION child;",
  ],
  check: (statement, state) =>
    alterations(statement).flatMap(({ relation, action: { subtype, def } }) => {
      if (subtype !== "AT_DetachPartition" || def === undefined || !("PartitionCmd" in def)) return [];
      const partition = relationName(def.PartitionCmd.name);
      if (def.PartitionCmd.concurrent || isNewHere(relation, state)) return [];
      const gentle = `ALTER TABLE ${pasted(relation)} DETACH PARTITION ${pasted(partition)} CONCURRENTLY`;
      return [{ subject: shown(relation), instead: `outside a transaction: ${gentle}` }];
    }),
};
