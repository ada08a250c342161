import type { Rule } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { identifier, pasted } from "./paste.ts";

export const attachPartition: Rule = {
  id: "attach-partition",
  title: "Attach a table as a partition",
  hazard: "availability",
  phase: "expand",
  why: "nobody can read or write it or the default partition (ACCESS EXCLUSIVE lock) while all their rows are checked",
  instead: "give it a valid CHECK of the partition's bounds first (NOT VALID, then VALIDATE): then nothing is read",
  bad: ["ALTER TABLE app.events ATTACH PARTITION app.events_loose FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');"],
  good: [
    "CREATE TABLE app.events_2027 (LIKE app.events); ALTER TABLE app.events ATTACH PARTITION app.events_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');",
    "CREATE TABLE app.events_2027 PARTITION OF app.events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');",
  ],
  check: (statement, state) =>
    alterations(statement).flatMap(({ action: { subtype, def } }) => {
      if (subtype !== "AT_AttachPartition" || def === undefined || !("PartitionCmd" in def)) return [];
      const partition = relationName(def.PartitionCmd.name);
      if (isNewHere(partition, state)) return [];
      const bounds = `ADD CONSTRAINT ${identifier(`${partition.name}_bounds`)} CHECK (…) NOT VALID`;
      return [
        { subject: shown(partition), instead: `ALTER TABLE ${pasted(partition)} ${bounds}, VALIDATE it, then ATTACH` },
      ];
    }),
};
