import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { rollbackOwner } from "../../src/evidence/rollback-owner.ts";
import { rollbackWindow } from "../../src/evidence/rollback-window.ts";
import type { Claim, EvidenceFacts, EvidenceKind } from "../../src/model/evidence.ts";
import type { Policy } from "../../src/model/policy.ts";
import { readPolicy } from "../../src/policy.ts";

const policy: Policy = readPolicy(readFileSync("policies/develop.yaml", "utf8"), "policies/develop.yaml");
const digest = `sha256:${"1".repeat(64)}`;

function verify(kind: EvidenceKind, annotations: Readonly<Record<string, string>>): string {
  const facts: EvidenceFacts = { now: new Date(0), moment: "admission", annotations, policy, recovery: null };
  const unit: Claim["units"][number] = {
    digest,
    kind: "sql",
    phase: "contract",
    origin: { object: "Job production/migrate", key: "", line: 0 },
    target: null,
    covers: "DROP TABLE users",
    changesSchema: true,
    findings: [],
  };
  const requirement: Claim["requirement"] =
    kind === rollbackOwner ? { evidence: "rollback-owner" } : { evidence: "rollback-window" };
  const verification = kind.verify({ requirement, units: [unit], run: null, target: null }, facts);
  if (verification.holds) return verification.proof;
  expect(verification.missing).toMatchObject({ evidence: kind.id, atSync: false, digests: [digest] });
  return `${verification.missing.reason}: ${verification.missing.remedy}`;
}

const noWindow = "the annotation is no duration like 60m, 24h or 7d: migration-gate.dev/rollback-window: 24h";
const noOwner = "the annotation is no team or mail address: migration-gate.dev/rollback-owner: <team or mail>";

describe("rollback window", () => {
  it.each([
    ["24h", "rollback window 24h"],
    ["90s", "rollback window 90s"],
    ["7d", "rollback window 7d"],
    ["0h", noWindow],
    ["", noWindow],
    ["24", noWindow],
    ["1d12h", noWindow],
    ["soon", noWindow],
    ["24h\n", noWindow],
  ])("%j → %s", (value, expected) => {
    expect(verify(rollbackWindow, { "migration-gate.dev/rollback-window": value })).toBe(expected);
  });

  it("is missing where nobody says it", () => {
    const reason = "nobody says for how long the previous release can be brought back";
    expect(verify(rollbackWindow, {})).toBe(`${reason}: migration-gate.dev/rollback-window: 24h`);
  });
});

describe("rollback owner", () => {
  it.each([
    ["team-shop", "rollback owner team-shop"],
    ["dba@example.com", "rollback owner dba@example.com"],
    ["@acme/dba", "rollback owner @acme/dba"],
    ["Žofie Nováková", "rollback owner Žofie Nováková"],
    ["", noOwner],
    [" ", noOwner],
    ["-", noOwner],
    ["two\nlines", noOwner],
    ["x".repeat(254), noOwner],
  ])("%j → %s", (value, expected) => {
    expect(verify(rollbackOwner, { "migration-gate.dev/rollback-owner": value })).toBe(expected);
  });

  it("is missing where nobody is named", () => {
    const reason = "nobody is named who brings the previous release back";
    expect(verify(rollbackOwner, {})).toBe(`${reason}: migration-gate.dev/rollback-owner: <team or mail>`);
  });
});
