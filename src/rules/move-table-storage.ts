import type { Rule } from "../model/rule.ts";
import { alterationHits } from "./alterations.ts";
import { isTagged } from "./nodes.ts";

export const moveTableStorage: Rule = {
  id: "move-table-storage",
  title: "Copy a table to other storage: LOGGED, ACCESS METHOD, TABLESPACE",
  hazard: "availability",
  phase: "migrate",
  why: "copies the whole table while nobody can read or write it (ACCESS EXCLUSIVE lock)",
  instead: "do it in a window, or make a new table there and move the rows in batches",
  bad: [
    "ALTER TABLE app.cache SET LOGGED;",
    "ALTER TABLE app.notes SET ACCESS METHOD heap;",
    "ALTER TABLE app.notes SET TABLESPACE pg_default;",
    "ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE fast;",
  ],
  good: [
    "ALTER TABLE app.notes SET (fillfactor = 90);",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch SET TABLESPACE pg_default;",
  ],
  check(statement, state) {
    if (isTagged(statement, "AlterTableMoveAllStmt")) return [{ subject: statement.node.orig_tablespacename ?? "" }];
    return alterationHits(statement, state, "AT_SetLogged", "AT_SetAccessMethod", "AT_SetTableSpace").map(
      ({ subject }) => ({ subject }),
    );
  },
};
