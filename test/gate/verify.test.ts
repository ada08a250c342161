import { describe, expect, it } from "vitest";
import { verify } from "../../src/gate/verify.ts";
import type { Claim, EvidenceKind, RecoveryFacts } from "../../src/model/evidence.ts";
import type { Moment } from "../../src/model/gate.ts";
import type { Requirement } from "../../src/model/policy.ts";
import { digestOf, missing, target, unit } from "./decisions.ts";
import { cluster } from "./objects.ts";
import { now, shippedPolicy } from "./world.ts";

const approval: Requirement = { evidence: "approval", count: 1, group: "dba", withinSeconds: null };
const backup = (withoutRecovery: number | null): Requirement => ({
  evidence: "recovery-point",
  arms: [{ arm: "B", backupWithinSeconds: 3600 }],
  withoutRecovery,
});
const known: RecoveryFacts = {
  target,
  cluster: cluster(),
  backups: [],
  objectStores: [],
  volumeSnapshots: [],
  problems: [],
};
const claimOf = (requirement: Requirement, kind: "sql" | "change" = "sql"): Claim => ({
  requirement,
  units: [unit({ kind })],
  run: null,
  target,
});

/** So many people approve, there is no backup; anything else is asked by mistake. */
function kinds(people: number): readonly EvidenceKind[] {
  const texts = { title: "", proves: "", obtain: "" };
  return [
    {
      ...{ ...texts, id: "approval" },
      verify: ({ requirement }) =>
        requirement.evidence === "approval" && requirement.count <= people
          ? { holds: true, proof: "" }
          : { holds: false, missing: missing("approval") },
    },
    { ...{ ...texts, id: "recovery-point" }, verify: () => ({ holds: false, missing: missing("recovery-point") }) },
  ];
}

function missingOf(
  claims: readonly Claim[],
  people: number,
  moment: Moment = "admission",
  recovery: RecoveryFacts | null = known,
) {
  const facts = { now, moment, annotations: {}, policy: shippedPolicy("production") };
  return verify(claims, kinds(people), facts, () => recovery).map(({ evidence }) => evidence);
}

describe("a recovery point that cannot be had (withoutRecovery)", () => {
  it.each([
    ["nothing stands in for it", null, 9, ["recovery-point"]],
    ["two more people than the one asked for anyway", 2, 3, []],
    ["one person short of that", 2, 2, ["recovery-point"]],
    ["nobody at all", 2, 0, ["approval", "recovery-point"]],
  ] as const)("%s", (_name, withoutRecovery, people, wanted) => {
    expect(missingOf([claimOf(approval), claimOf(backup(withoutRecovery))], people)).toEqual(wanted);
  });

  it("counts only the approvals asked for the same units", () => {
    const other: Claim = { ...claimOf({ ...approval, count: 5 }), units: [unit({ digest: digestOf("1") })] };
    expect(missingOf([other, claimOf(backup(2))], 2)).toEqual(["approval"]);
  });
});

describe("a recovery point is not asked", () => {
  const gone = { ...known, cluster: null };
  it.each([
    ["of a CronJob: of each of its runs", [claimOf(backup(null))], "schedule", known, []],
    ["but of a run", [claimOf(backup(null))], "pod-start", known, ["recovery-point"]],
    ["for a change to a Cluster that is only being created", [claimOf(backup(null), "change")], "admission", gone, []],
    ["but for SQL on a Cluster that is gone", [claimOf(backup(null))], "admission", gone, ["recovery-point"]],
    [
      "but where nobody knows whether the Cluster is there",
      [claimOf(backup(null), "change")],
      "admission",
      { ...gone, problems: ["Clusters cannot be read"] },
      ["recovery-point"],
    ],
  ] as const)("%s", (_name, claims, moment, recovery, wanted) => {
    expect(missingOf(claims, 0, moment, recovery)).toEqual(wanted);
  });
});

it("an evidence kind that is not built is an error, never ignored", () => {
  expect(() => missingOf([claimOf({ evidence: "rollback-owner" })], 9)).toThrow(
    "no evidence kind is called rollback-owner",
  );
});
