import type { Rule } from "../model/rule.ts";
import { relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { identifier, pasted } from "./paste.ts";

export const concurrentIndexIfNotExists: Rule = {
  id: "concurrent-index-if-not-exists",
  title: "CREATE INDEX CONCURRENTLY IF NOT EXISTS, which keeps a broken index",
  hazard: "note",
  phase: "expand",
  why: "a try that failed leaves an INVALID index of this name behind; IF NOT EXISTS then reports success and keeps it",
  instead: "DROP INDEX CONCURRENTLY IF EXISTS first, then CREATE INDEX CONCURRENTLY",
  bad: ["CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_user ON app.orders (user_id);"],
  good: [
    "CREATE INDEX CONCURRENTLY orders_user ON app.orders (user_id);",
    "CREATE INDEX IF NOT EXISTS orders_user ON app.orders (user_id);",
  ],
  check(statement) {
    if (!isTagged(statement, "IndexStmt")) return [];
    const { relation, idxname = "", concurrent, if_not_exists: isLenient } = statement.node;
    if (!concurrent || !isLenient) return [];
    const table = relationName(relation);
    const index = pasted({ schema: table.schema, name: idxname });
    const instead = `DROP INDEX CONCURRENTLY IF EXISTS ${index}; CREATE INDEX CONCURRENTLY ${identifier(idxname)} ON ${pasted(table)} (…)`;
    return [{ subject: shown({ schema: table.schema, name: idxname }), instead }];
  },
};
