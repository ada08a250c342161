import type { Rule } from "../model/rule.ts";
import { isTagged } from "./nodes.ts";

/** PostgreSQL refuses while anything is in it, in whatever database, so no row goes with it. */
export const dropTablespace: Rule = {
  id: "drop-tablespace",
  title: "Drop a tablespace",
  hazard: "compatibility",
  phase: "contract",
  why: "whatever makes tables, indexes or temporary files in it fails; PostgreSQL refuses while anything is stored there",
  instead: "take it out of default_tablespace, temp_tablespaces and the Cluster's spec.tablespaces first",
  bad: ["DROP TABLESPACE fast;", "DROP TABLESPACE IF EXISTS fast;"],
  good: ["COMMENT ON TABLESPACE pg_default IS 'kept';"],
  check: (statement) =>
    isTagged(statement, "DropTableSpaceStmt") ? [{ subject: statement.node.tablespacename ?? "" }] : [],
};
