import type { Rule } from "../model/rule.ts";
import { alterationHits } from "./alterations.ts";
import { relationName } from "./names.ts";
import { isTagged } from "./nodes.ts";
import { pasted } from "./paste.ts";

export const enableRls: Rule = {
  id: "enable-rls",
  title: "Switch row security on",
  hazard: "compatibility",
  phase: "contract",
  why: "the running release sees and writes only the rows that a policy allows, and none without a policy",
  instead: "create the policies first, and let the release that sets what they ask for run everywhere",
  bad: ["ALTER TABLE app.users ENABLE ROW LEVEL SECURITY;", "ALTER TABLE app.tenants FORCE ROW LEVEL SECURITY;"],
  good: [
    "CREATE POLICY all_rows ON app.users USING (true);",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch ENABLE ROW LEVEL SECURITY;",
  ],
  check: (statement, state) => {
    const table = isTagged(statement, "AlterTableStmt") ? pasted(relationName(statement.node.relation)) : "";
    const instead = `CREATE POLICY … ON ${table} … first, and let the release that sets what it asks for run everywhere`;
    return alterationHits(statement, state, "AT_EnableRowSecurity", "AT_ForceRowSecurity").map((hit) => ({
      ...hit,
      instead,
    }));
  },
};
