import type { Rule } from "../model/rule.ts";
import { isTagged } from "./nodes.ts";

export const nestedTransaction: Rule = {
  id: "nested-transaction",
  title: "BEGIN or COMMIT inside the transaction a tool opened",
  hazard: "note",
  phase: "migrate",
  why: "ends the tool's transaction early: what follows stays when a later statement fails, and the tool may not note that it ran",
  instead: "leave BEGIN and COMMIT to the tool, or tell it to open no transaction for this file",
  bad: [
    "CREATE TABLE scratch (id int); COMMIT;",
    "BEGIN; CREATE TABLE scratch (id int); COMMIT;",
    "SELECT 1; ROLLBACK;",
  ],
  good: ["SAVEPOINT here; CREATE TABLE scratch (id int); RELEASE here;", "SAVEPOINT here; ROLLBACK TO here;"],
  check(statement, state) {
    if (!isTagged(statement, "TransactionStmt")) return [];
    const verb = verbs.get(statement.node.kind ?? "");
    const isBegin = verb === "BEGIN";
    const owner = state.history.transaction();
    if (verb === undefined || (isBegin ? owner === "none" : owner !== "tool")) return [];
    return [{ subject: verb, ...(isBegin ? already : {}) }];
  },
};

const verbs: ReadonlyMap<string, string> = new Map([
  ["TRANS_STMT_BEGIN", "BEGIN"],
  ["TRANS_STMT_START", "BEGIN"],
  ["TRANS_STMT_COMMIT", "COMMIT"],
  ["TRANS_STMT_ROLLBACK", "ROLLBACK"],
]);

const already = {
  why: "a transaction is open already: PostgreSQL only warns, and the COMMIT that goes with it ends the outer one",
};
