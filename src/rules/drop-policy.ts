import type { CreatePolicyStmt } from "@pgsql/types";
import type { Rule, SubjectHit } from "../model/rule.ts";
import { attachedHits } from "./drops.ts";
import { isPolicyAsBefore, letsEveryRow } from "./weaker.ts";

export const dropPolicy: Rule = {
  id: "drop-policy",
  title: "Drop a row security policy",
  hazard: "integrity",
  phase: "contract",
  why: "who may see and write which rows changes: rows become open to others, or vanish from sight",
  instead: "create its successor first, in the same transaction; ALTER POLICY changes it in place",
  bad: [
    "DROP POLICY tenant_only ON app.tenants;",
    "DROP POLICY IF EXISTS tenant_only ON app.tenants;",
    "DROP POLICY tenant_only ON app.tenants; CREATE POLICY tenant_only ON app.tenants USING (true);",
  ],
  good: [
    "ALTER POLICY tenant_only ON app.tenants USING (tenant = session_user);",
    "DROP POLICY tenant_only ON app.tenants; CREATE POLICY tenant_only ON app.tenants USING (tenant = session_user);",
    "CREATE POLICY p ON app.tenants USING (id > 0); DROP POLICY p ON app.tenants;",
    "CREATE TABLE scratch (id int); CREATE POLICY p ON scratch; DROP POLICY p ON scratch;",
  ],
  check: (statement, state) => attachedHits(statement, state, "OBJECT_POLICY", policyReplaced),
};

/** One that was out of sight is taken to be the same, unless every row is open now: nothing was less than that. */
function policyReplaced(hit: SubjectHit, before: CreatePolicyStmt | null, after: CreatePolicyStmt): SubjectHit | null {
  const isKept = before === null ? !letsEveryRow(after) : isPolicyAsBefore(before, after);
  return isKept ? null : { ...hit, why: changed };
}

const changed = "it comes back otherwise: who may see and write which rows is not what it was";
