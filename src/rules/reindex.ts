import type { Rule } from "../model/rule.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { isOn, optionsOf } from "./options.ts";
import { pasted } from "./paste.ts";

export const reindex: Rule = {
  id: "reindex",
  title: "Rebuild indexes while writes wait",
  hazard: "availability",
  phase: "migrate",
  why: "writes wait (SHARE lock on the table), and so do queries that use the index (ACCESS EXCLUSIVE lock on it), until it is built",
  instead: "REINDEX … CONCURRENTLY, outside a transaction",
  bad: ["REINDEX INDEX app.orders_state_index;", "REINDEX TABLE app.users;", "REINDEX (VERBOSE) SCHEMA app;"],
  good: [
    "REINDEX TABLE CONCURRENTLY app.users;",
    "CREATE TABLE scratch (id int PRIMARY KEY); REINDEX TABLE scratch;",
    "ANALYZE app.users;",
  ],
  check(statement, state) {
    if (!isTagged(statement, "ReindexStmt")) return [];
    const { kind = "", relation, name = "", params } = statement.node;
    if (optionsOf(params).some((option) => option.defname === "concurrently" && isOn(option))) return [];
    const what = kind.replace("REINDEX_OBJECT_", "");
    if (relation === undefined) return [{ subject: name === "" ? "every table" : name }];
    const table = relationName(relation);
    if (isNewHere(table, state)) return [];
    return [{ subject: shown(table), instead: `outside a transaction: REINDEX ${what} CONCURRENTLY ${pasted(table)}` }];
  },
};
