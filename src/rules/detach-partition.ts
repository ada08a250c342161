import type { Node } from "@pgsql/types";
import type { Rule } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { isNewHere, relationName, shown } from "./names.ts";

/** The rows stay, in a table of their own: lost to sight, not lost. */
export const detachPartition: Rule = {
  id: "detach-partition",
  title: "Detach a partition or an inheriting table",
  hazard: "compatibility",
  phase: "contract",
  why: "the running release no longer finds these rows in the parent table",
  instead: "check first that nothing reads them there; keep the detached table for a release",
  bad: ["ALTER TABLE app.events DETACH PARTITION app.events_2025;", "ALTER TABLE app.cars NO INHERIT app.vehicles;"],
  good: [
    "CREATE TABLE app.events_2027 PARTITION OF app.events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');",
    "CREATE TABLE parent (id int) PARTITION BY LIST (id); CREATE TABLE child PARTITION OF parent DEFAULT; ALTER TABLE parent DETACH PARTITION child;",
  ],
  check(statement, state) {
    const detached = alterations(statement).filter(
      ({ relation, action: { subtype } }) =>
        (subtype === "AT_DetachPartition" || subtype === "AT_DropInherit") && !isNewHere(relation, state),
    );
    return detached.map(({ relation, action: { subtype, def } }) => ({
      subject: subtype === "AT_DropInherit" ? shown(relation) : partition(def),
    }));
  },
};

function partition(def: Node | undefined): string {
  return def !== undefined && "PartitionCmd" in def ? shown(relationName(def.PartitionCmd.name)) : "";
}
