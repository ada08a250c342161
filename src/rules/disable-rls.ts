import type { Rule } from "../model/rule.ts";
import { alterationHits } from "./alterations.ts";

export const disableRls: Rule = {
  id: "disable-rls",
  title: "Switch row security off",
  hazard: "privilege",
  phase: "contract",
  why: "everyone with rights on the table sees and writes every row, whatever its policies say",
  instead: "change the policy that is in the way: ALTER POLICY",
  bad: ["ALTER TABLE app.tenants DISABLE ROW LEVEL SECURITY;", "ALTER TABLE app.secrets NO FORCE ROW LEVEL SECURITY;"],
  good: [
    "ALTER TABLE app.users ENABLE ROW LEVEL SECURITY;",
    "CREATE TABLE scratch (id int); ALTER TABLE scratch DISABLE ROW LEVEL SECURITY;",
  ],
  check: (statement, state) => alterationHits(statement, state, "AT_DisableRowSecurity", "AT_NoForceRowSecurity"),
};
