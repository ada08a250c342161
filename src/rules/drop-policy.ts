import type { Rule } from "../model/rule.ts";
import { attachedHits } from "./drops.ts";

export const dropPolicy: Rule = {
  id: "drop-policy",
  title: "Drop a row security policy",
  hazard: "integrity",
  phase: "contract",
  why: "who may see and write which rows changes: rows become open to others, or vanish from sight",
  instead: "create its successor first, in the same transaction; ALTER POLICY changes it in place",
  bad: ["DROP POLICY tenant_only ON app.tenants;", "DROP POLICY IF EXISTS tenant_only ON app.tenants;"],
  good: [
    "ALTER POLICY tenant_only ON app.tenants USING (tenant = session_user);",
    "CREATE TABLE scratch (id int); CREATE POLICY p ON scratch; DROP POLICY p ON scratch;",
  ],
  check: (statement, state) => attachedHits(statement, state, "OBJECT_POLICY"),
};
