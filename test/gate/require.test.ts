import { describe, expect, it } from "vitest";
import { require as priceOf } from "../../src/gate/require.ts";
import type { Policy, Price, Requirement } from "../../src/model/policy.ts";
import { digestOf, finding, target, unit } from "./decisions.ts";
import { shippedPolicy } from "./world.ts";

const shipped = shippedPolicy("production");
const ask = (...require: readonly Requirement[]): Price => ({ action: "require", require });
const approvals = (count: number, group = "", withinSeconds: number | null = null): Requirement => ({
  evidence: "approval",
  count,
  group,
  withinSeconds,
});
const backup = (backupWithinSeconds: number, withoutRecovery: number | null = null): Requirement => ({
  evidence: "recovery-point",
  arms: [{ arm: "B", backupWithinSeconds }],
  withoutRecovery,
});
const policy = (
  hazards: Partial<Policy["hazards"]>,
  rules: Policy["rules"] = {},
  schemaChange: Price = { action: "allow" },
): Policy => ({
  ...shipped,
  ...{ hazards: { ...shipped.hazards, ...hazards }, rules, schemaChange },
});
const both = unit({ findings: [finding(), finding({ rule: "rename-table", hazard: "compatibility" })] });
const requirements = (units: readonly ReturnType<typeof unit>[], by: Policy) =>
  priceOf(units, by, null).claims.map(({ requirement }) => requirement);

describe("two findings of one unit: sets add up, and of two alike the dearer one wins", () => {
  it.each([
    ["more people", approvals(1, "dba"), approvals(2, "dba"), [approvals(2, "dba")]],
    ["people of two groups", approvals(1, "dba"), approvals(1, "lead"), [approvals(1, "dba"), approvals(1, "lead")]],
    ["an age where the other asks for none", approvals(1), approvals(1, "", 60), [approvals(1, "", 60)]],
    ["the lower age", approvals(1, "", 90), approvals(1, "", 60), [approvals(1, "", 60)]],
    ["the younger backup", backup(3600), backup(600), [backup(600)]],
    ["nothing in a backup's place, where one of them says so", backup(60, 2), backup(60, null), [backup(60, null)]],
    ["more people in a backup's place", backup(60, 2), backup(60, 3), [backup(60, 3)]],
    [
      "a plan asked for twice",
      { evidence: "rollback-owner" },
      { evidence: "rollback-owner" },
      [{ evidence: "rollback-owner" }],
    ],
  ] as const)("%s", (_name, one, other, wanted) => {
    expect(requirements([both], policy({ "data-loss": ask(one), compatibility: ask(other) }))).toEqual(wanted);
    expect(requirements([both], policy({ "data-loss": ask(other), compatibility: ask(one) }))).toEqual(
      expect.arrayContaining([...wanted]),
    );
  });
});

describe("the price of a finding", () => {
  const expensive = { "data-loss": ask(approvals(1, "dba")) };
  it("is its rule's own before its hazard's, cheaper or dearer", () => {
    expect(requirements([unit()], policy(expensive, { "drop-column": { action: "allow" } }))).toEqual([]);
    expect(
      requirements([unit()], policy({ "data-loss": { action: "allow" } }, { "drop-column": ask(approvals(3)) })),
    ).toEqual([approvals(3)]);
  });

  it("says which findings only warn", () => {
    const { warned, priced } = priceOf([both], policy({ ...expensive, compatibility: { action: "warn" } }), null);
    expect([warned.map(({ rule }) => rule), priced.map(({ rule }) => rule)]).toEqual([
      ["rename-table"],
      ["drop-column"],
    ]);
  });
});

describe("a schema change without a finding", () => {
  const additive = unit({ findings: [] });
  it.each([
    ["allow", [], 0],
    ["warn", ["changes the schema of Cluster production/app-postgres"], 0],
  ] as const)("%s", (action, notes, claims) => {
    const pricing = priceOf([additive, additive], policy({}, {}, { action }), null);
    expect([pricing.notes, pricing.claims.length]).toEqual([notes, claims]);
  });

  it("may need evidence of its own", () => {
    expect(requirements([additive], policy({}, {}, ask(backup(3600))))).toEqual([backup(3600)]);
    expect(requirements([unit({ findings: [], changesSchema: false })], policy({}, {}, ask(backup(3600))))).toEqual([]);
  });
});

it("units that ask for the same of the same target share a claim, others do not", () => {
  const elsewhere = unit({ digest: digestOf("3"), target: { ...target, cluster: "billing" } });
  const { claims } = priceOf(
    [unit(), unit({ digest: digestOf("2") }), elsewhere],
    policy({ "data-loss": ask(approvals(1)) }),
    null,
  );
  expect(claims.map(({ units, target: at }) => [at?.cluster, units.length])).toEqual([
    ["app-postgres", 2],
    ["billing", 1],
  ]);
});
