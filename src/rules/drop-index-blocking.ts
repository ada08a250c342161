import type { Rule } from "../model/rule.ts";
import { definedIndex } from "./definitions.ts";
import { dropOf } from "./drops.ts";
import { isNewHere, nameParts, qualifiedName, relationName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { pasted } from "./paste.ts";

/** CONCURRENTLY knows no CASCADE: then what hangs on the index has to be dropped by name first. */
export const dropIndexBlocking: Rule = {
  id: "drop-index-blocking",
  title: "Drop an index while reads and writes wait",
  hazard: "availability",
  phase: "contract",
  why: "reads and writes of its table wait (ACCESS EXCLUSIVE lock) behind the longest query that runs now",
  instead: "DROP INDEX CONCURRENTLY, outside a transaction",
  bad: ["DROP INDEX app.orders_state_index;", "DROP INDEX IF EXISTS app.orders_state_index, app.orders_note_unique;"],
  good: [
    "DROP INDEX CONCURRENTLY app.orders_state_index;",
    "CREATE TABLE scratch (id int); CREATE INDEX scratch_id ON scratch (id); DROP INDEX scratch_id;",
  ],
  check(statement, state) {
    const drop = dropOf(statement, "OBJECT_INDEX");
    if (drop === null || (isTagged(statement, "DropStmt") && statement.node.concurrent)) return [];
    const names = drop.objects.map((object) => qualifiedName(nameParts(object)));
    return names
      .filter((name) => !state.madeHere("OBJECT_INDEX", name))
      .filter((name) => !isNewHere(relationName(definedIndex(name, state)?.relation), state))
      .map((name) => ({
        subject: shown(name),
        instead: `outside a transaction: DROP INDEX CONCURRENTLY ${pasted(name)}`,
      }));
  },
};
