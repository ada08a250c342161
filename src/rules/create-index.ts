import type { IndexStmt } from "@pgsql/types";
import type { Rule } from "../model/rule.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { identifier, pasted } from "./paste.ts";

/** ON ONLY is how the index of a partitioned table begins: it builds nothing. */
export const createIndex: Rule = {
  id: "create-index",
  title: "Create an index while writes wait",
  hazard: "availability",
  phase: "expand",
  why: "writes to the table wait (SHARE lock) until the index is built",
  instead: "CREATE INDEX CONCURRENTLY, outside a transaction; of a partitioned table first of each partition",
  bad: [
    "CREATE INDEX ON app.orders (user_id);",
    "CREATE UNIQUE INDEX users_phone_key ON app.users (phone);",
    "CREATE INDEX events_payload ON app.events (payload);",
    "CREATE INDEX texts_words ON app.texts USING gin (words);",
  ],
  good: [
    "CREATE TABLE scratch (id int); CREATE INDEX ON scratch (id);",
    "CREATE INDEX events_payload ON ONLY app.events (payload);",
    "CREATE INDEX CONCURRENTLY orders_user ON app.orders (user_id);",
  ],
  check(statement, state) {
    if (!isTagged(statement, "IndexStmt")) return [];
    const { relation, concurrent, unique } = statement.node;
    const table = relationName(relation);
    if (concurrent || relation?.inh !== true || isNewHere(table, state)) return [];
    const why = unique ? { why: `${this.why}; fails if two rows share a value` } : {};
    return [{ subject: shown(table), ...why, instead: concurrently(statement.node, pasted(table)) }];
  },
};

function concurrently({ idxname, unique, accessMethod = "btree", indexParams = [] }: IndexStmt, table: string): string {
  const columns = indexParams.map((param) =>
    "IndexElem" in param && param.IndexElem.name !== undefined ? identifier(param.IndexElem.name) : "…",
  );
  const method = accessMethod === "btree" ? "" : ` USING ${accessMethod}`;
  const name = idxname === undefined ? "" : ` ${identifier(idxname)}`;
  return `outside a transaction: CREATE ${unique ? "UNIQUE " : ""}INDEX CONCURRENTLY${name} ON ${table}${method} (${columns.join(", ")})`;
}
