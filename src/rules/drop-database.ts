import type { Rule } from "../model/rule.ts";
import { isTagged } from "./nodes.ts";

export const dropDatabase: Rule = {
  id: "drop-database",
  title: "Drop a database",
  hazard: "data-loss",
  phase: "contract",
  why: "deletes the whole database; only a restore brings it back",
  instead: "rename it now, drop it one release later from a run of its own",
  bad: ["DROP DATABASE shop;", "DROP DATABASE IF EXISTS shop WITH (FORCE);"],
  good: ["COMMENT ON DATABASE postgres IS 'kept';"],
  check: (statement) => (isTagged(statement, "DropdbStmt") ? [{ subject: statement.node.dbname ?? "" }] : []),
};
