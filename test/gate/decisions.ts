import { untouched } from "../../src/gate/passed.ts";
import type { Decision, Finding, MissingEvidence, Unit } from "../../src/model/decision.ts";

export const job = { apiVersion: "batch/v1", kind: "Job", namespace: "production", name: "mig" };
export const target = { namespace: "production", cluster: "app-postgres", database: "app" };

export function digestOf(letter: string): string {
  return `sha256:${letter.repeat(64)}`;
}

export function finding(parts: Partial<Finding> = {}): Finding {
  return {
    rule: "drop-column",
    hazard: "data-loss",
    phase: "contract",
    subject: "users.phone",
    statement: "ALTER TABLE users DROP COLUMN phone",
    origin: { object: "ConfigMap production/mig-sql", key: "up.sql", line: 3 },
    why: "deletes the column and its data; only a restore brings it back",
    instead: "stop using it now, drop it one release later",
    ...parts,
  };
}

export function unit(parts: Partial<Unit> = {}): Unit {
  const findings = parts.findings ?? [finding()];
  return {
    digest: digestOf("9"),
    kind: "sql",
    phase: "contract",
    origin: { object: "ConfigMap production/mig-sql", key: "up.sql", line: 1 },
    target,
    covers: "1 statement of ConfigMap production/mig-sql up.sql",
    changesSchema: true,
    findings,
    ...parts,
  };
}

export function missing(evidence: string, parts: Partial<MissingEvidence> = {}): MissingEvidence {
  return {
    evidence,
    reason: `no ${evidence}`,
    remedy: `get ${evidence}`,
    atSync: false,
    digests: [digestOf("9")],
    ...parts,
  };
}

export const noApproval = missing("approval", {
  reason: "0 of 1 (dba)",
  remedy: `migration-gate approve ${digestOf("9")} --as <you>`,
});
export const noBackup = missing("recovery-point", {
  reason: "none completed within 60m",
  remedy: "migration-gate checkpoint production/app-postgres",
  atSync: true,
});

/** A denial of one unit for these reasons. */
export function denial(code: Decision["code"], blocking: readonly MissingEvidence[], units = [unit()]): Decision {
  const findings = units.flatMap((one) => one.findings);
  const judged = { target, units, findings, priced: findings, missing: blocking, blocking, policy: "production" };
  return { ...untouched(job, ""), ...judged, decision: "deny", code };
}
