import type { Rule } from "../model/rule.ts";
import { isNewHere, nameParts, qualifiedName, shown } from "./names.ts";
import { isTagged } from "./nodes.ts";

/** Modes by their number in lockdefs.h; weaker ones stop neither reads nor writes. */
const modes: ReadonlyMap<number, string> = new Map([
  [5, "writes wait (SHARE lock)"],
  [6, "writes wait (SHARE ROW EXCLUSIVE lock)"],
  [7, "writes and SELECT … FOR UPDATE wait (EXCLUSIVE lock)"],
  [8, "reads and writes wait (ACCESS EXCLUSIVE lock)"],
]);

export const lockTable: Rule = {
  id: "lock-table",
  title: "Lock a table",
  hazard: "availability",
  phase: "migrate",
  why: "reads and writes wait (ACCESS EXCLUSIVE lock) until the transaction ends",
  instead: "lock the rows you mean (SELECT … FOR UPDATE), or an advisory lock of your own: pg_advisory_xact_lock",
  bad: [
    "LOCK TABLE app.users;",
    "LOCK app.users, app.orders IN SHARE MODE;",
    "LOCK app.users IN EXCLUSIVE MODE NOWAIT;",
  ],
  good: [
    "LOCK TABLE app.users IN ROW EXCLUSIVE MODE;",
    "LOCK TABLE app.users IN SHARE UPDATE EXCLUSIVE MODE;",
    "CREATE TABLE scratch (id int); LOCK TABLE scratch;",
  ],
  check(statement, state) {
    if (!isTagged(statement, "LockStmt")) return [];
    const { relations = [], mode = 8 } = statement.node;
    const effect = modes.get(mode);
    const tables = relations.map((relation) => qualifiedName(nameParts(relation)));
    return tables
      .filter((table) => effect !== undefined && !isNewHere(table, state))
      .map((table) => ({ subject: shown(table), why: `${effect} until the transaction ends` }));
  },
};
