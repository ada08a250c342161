import type { Node, RangeVar } from "@pgsql/types";
import type { Rule } from "../model/rule.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { pasted } from "./paste.ts";

export const createPartition: Rule = {
  id: "create-partition",
  title: "Create a partition in its table at once",
  hazard: "availability",
  phase: "expand",
  why: "reads and writes of the whole table wait (ACCESS EXCLUSIVE lock) behind its longest query, and while a default partition is read",
  instead: "CREATE TABLE … (LIKE parent), then ATTACH PARTITION, which lets reads and writes go on",
  bad: ["CREATE TABLE app.events_2027 PARTITION OF app.events FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');"],
  good: [
    "CREATE TABLE parent (id int) PARTITION BY LIST (id); CREATE TABLE child PARTITION OF parent DEFAULT;",
    "CREATE TABLE app.bikes () INHERITS (app.vehicles);",
    "CREATE TABLE app.events_2027 (LIKE app.events); ALTER TABLE app.events ATTACH PARTITION app.events_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');",
  ],
  check(statement, state) {
    if (!isTagged(statement, "CreateStmt") || statement.node.partbound === undefined) return [];
    const { relation, inhRelations: [parentNode] = [] } = statement.node;
    const [partition, parent] = [relationName(relation), relationName(rangeOf(parentNode))];
    if (isNewHere(parent, state)) return [];
    const attach = `ALTER TABLE ${pasted(parent)} ATTACH PARTITION ${pasted(partition)} …`;
    const instead = `CREATE TABLE ${pasted(partition)} (LIKE ${pasted(parent)} INCLUDING ALL); ${attach}`;
    return [{ subject: shown(parent), instead }];
  },
};

function rangeOf(node: Node | undefined): RangeVar | undefined {
  return node !== undefined && "RangeVar" in node ? node.RangeVar : undefined;
}
