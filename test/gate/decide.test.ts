import { describe, expect, it } from "vitest";
import { decide, type Weighing } from "../../src/gate/decide.ts";
import { digestOf, finding, job, missing, noApproval, noBackup, target, unit } from "./decisions.ts";

const none = { claims: [], warned: [], priced: [], notes: [] };
const obstacle = (evidence: "policy" | "target" | "rerun" | "running" | "gate", digests = [digestOf("9")]) => ({
  ...missing(evidence, { digests }),
  evidence,
});
const question: Weighing = {
  ...{
    object: job,
    mode: "enforce",
    policy: "production",
    target,
    units: [unit()],
    pricing: { ...none, priced: [finding()] },
  },
  ...{ missing: [], obstacles: [], notes: [], provisional: new Set(), deferAtSync: false },
};
const plan = missing("rollback-owner");

describe("the code of a decision is the narrowest that is true", () => {
  it.each([
    ["nothing is missing", {}, "allow MG-ALLOWED"],
    ["a finding that only warns", { pricing: { ...none, warned: [finding()] } }, "warn MG-WARNED"],
    ["a note", { notes: ["it will repeat"] }, "warn MG-WARNED"],
    ["an approval is missing", { missing: [noApproval] }, "deny MG-DENIED"],
    ["only a recovery point is missing", { missing: [noBackup] }, "deny MG-CHECKPOINT"],
    ["a recovery point and a plan are missing", { missing: [noBackup, plan] }, "deny MG-DENIED"],
    ["it only would repeat", { obstacles: [obstacle("rerun")] }, "deny MG-RERUN"],
    [
      "it would repeat, and has no approval",
      { obstacles: [obstacle("rerun")], missing: [noApproval] },
      "deny MG-DENIED",
    ],
    [
      "the target is unknown, whatever else",
      { obstacles: [obstacle("target")], missing: [noApproval] },
      "deny MG-UNKNOWN-TARGET",
    ],
    ["no policy, whatever else", { obstacles: [obstacle("target"), obstacle("policy", [])] }, "deny MG-NO-POLICY"],
    [
      "everything that blocks is unreadable",
      { units: [unit({ findings: [finding({ rule: "unreadable" })] })], missing: [noApproval] },
      "deny MG-UNREADABLE",
    ],
    [
      "some of what blocks is unreadable",
      { units: [unit({ findings: [finding(), finding({ rule: "unreadable" })] })], missing: [noApproval] },
      "deny MG-DENIED",
    ],
    ["an audited namespace", { mode: "audit", missing: [noApproval] }, "warn MG-DENIED"],
  ] as const)("%s", (_name, parts, is) => {
    const { decision, code } = decide({ ...question, ...parts });
    expect(`${decision} ${code}`).toBe(is);
  });
});

describe("what does not block", () => {
  const provisional = new Set([digestOf("9")]);
  it.each([
    ["evidence for units that may still change", { provisional, missing: [noApproval] }, "warn"],
    [
      "evidence for such units and one that may not",
      { provisional, missing: [missing("approval", { digests: [digestOf("9"), digestOf("1")] })] },
      "deny",
    ],
    ["an obstacle for no unit in particular", { provisional, obstacles: [obstacle("policy", [])] }, "deny"],
    ["what only the cluster has, without a cluster", { deferAtSync: true, missing: [noBackup] }, "warn"],
    ["what Git could have, without a cluster", { deferAtSync: true, missing: [noApproval] }, "deny"],
  ] as const)("%s", (_name, parts, is) => {
    expect(decide({ ...question, ...parts }).decision).toBe(is);
  });

  it("is still listed as missing", () => {
    const { missing: listed, blocking } = decide({ ...question, provisional, missing: [noApproval] });
    expect([listed, blocking]).toEqual([[noApproval], []]);
  });
});
