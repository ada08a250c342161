import type { Rule } from "../model/rule.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";

export const cluster: Rule = {
  id: "cluster",
  title: "Rewrite a table in the order of an index",
  hazard: "availability",
  phase: "migrate",
  why: "rewrites the table and its indexes while nobody can read or write it (ACCESS EXCLUSIVE lock)",
  instead: "pg_repack, which sorts a copy and swaps it in; or a covering index",
  bad: ["CLUSTER app.users USING users_pkey;", "CLUSTER;"],
  good: [
    "ALTER TABLE app.users CLUSTER ON users_pkey;",
    "CREATE TABLE scratch (id int PRIMARY KEY); CLUSTER scratch USING scratch_pkey;",
  ],
  check(statement, state) {
    if (!isTagged(statement, "ClusterStmt")) return [];
    const { relation } = statement.node;
    if (relation === undefined) return [{ subject: "every table" }];
    const table = relationName(relation);
    return isNewHere(table, state) ? [] : [{ subject: shown(table) }];
  },
};
