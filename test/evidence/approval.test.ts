import { describe, expect, it } from "vitest";
import { approval, standInApproval } from "../../src/evidence/approval.ts";
import { type Approval, formatApproval, signedText } from "../../src/evidence/approval-annotation.ts";
import type { Unit } from "../../src/model/decision.ts";
import type { EvidenceFacts } from "../../src/model/evidence.ts";
import type { Policy, Requirement } from "../../src/model/policy.ts";
import { readPolicy } from "../../src/policy.ts";
import { ed25519Signer } from "./ssh-signer.ts";

const now = new Date("2026-11-24T09:00:00Z");
const one = `sha256:${"1".repeat(64)}`;
const two = `sha256:${"2".repeat(64)}`;
const other = `sha256:${"f".repeat(64)}`;
const keys = { alice: ed25519Signer(), bob: ed25519Signer() };

const policyText = `
apiVersion: migration-gate.dev/v1alpha1
kind: MigrationPolicy
metadata: { name: production }
spec:
  namespaces: { names: [production] }
  trust: repository
  approvers:
    - { id: alice, groups: [dba, lead], sshKeys: ["${keys.alice.publicKey}"] }
    - { id: bob, groups: [dba], sshKeys: ["${keys.bob.publicKey}"] }
    - { id: carol, groups: [lead] }
  schemaChange: allow
  hazards: { data-loss: warn, data-change: warn, recoverability: warn, compatibility: warn, availability: warn, integrity: warn, privilege: warn, opaque: warn }
  rerun: warn
`;
const policy = readPolicy(policyText, "production.yaml");
const signedOnly: Policy = { ...policy, trust: "signed" };

const unit = (digest: string): Unit => ({
  digest,
  kind: "sql",
  phase: "contract",
  origin: { object: "ConfigMap production/migrate-0042", key: "up.sql", line: 3 },
  target: { namespace: "production", cluster: "app-postgres", database: "app" },
  covers: "ALTER TABLE users DROP COLUMN phone",
  changesSchema: true,
  findings: [],
});
const by = (approvals: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(approvals).map(([id, value]) => [`approval.migration-gate.dev/${id}`, value]));

type ApprovalRequirement = Extract<Requirement, { evidence: "approval" }>;
interface Case {
  readonly annotations: Readonly<Record<string, string>>;
  readonly units?: readonly Unit[];
  readonly asked?: Partial<ApprovalRequirement>;
  readonly policy?: Policy;
  readonly moment?: EvidenceFacts["moment"];
}

function verify({ annotations, units = [unit(one)], asked = {}, policy: judged = policy, moment = "admission" }: Case) {
  const requirement: Requirement = { evidence: "approval", count: 1, group: "dba", withinSeconds: null, ...asked };
  const facts: EvidenceFacts = { now, moment, annotations, policy: judged, recovery: null };
  return approval.verify({ requirement, units, run: null, target: null }, facts);
}
const reason = (given: Case) => {
  const verification = verify(given);
  return verification.holds ? `holds: ${verification.proof}` : verification.missing.reason;
};

function signed(id: "alice" | "bob", approvalOf: Partial<Approval> = {}, signer = keys[id]): string {
  const unsigned: Approval = { digests: [one], at: null, until: null, ref: null, sig: null, ...approvalOf };
  return formatApproval({ ...unsigned, sig: signer.signature(signedText(id, unsigned)) });
}

describe("an approval counts", () => {
  it.each<[string, Case, string]>([
    ["by one of the group", { annotations: by({ alice: one }) }, "approved by alice"],
    ["with other digests beside", { annotations: by({ alice: `${other},${one}` }) }, "approved by alice"],
    ["before its limit", { annotations: by({ alice: `${one}; until=2026-11-24T09:00:01Z` }) }, "approved by alice"],
    [
      "of anyone known, where no group is asked",
      { annotations: by({ carol: one }), asked: { group: "" } },
      "approved by carol",
    ],
    ["two of two", { annotations: by({ bob: one, alice: one }), asked: { count: 2 } }, "approved by alice, bob"],
    ["beside one that does not", { annotations: by({ carol: one, alice: one }) }, "approved by alice"],
    [
      "given within the time asked",
      { annotations: by({ bob: `${one}; at=2026-11-24T08:00:00Z` }), asked: { withinSeconds: 3600 } },
      "approved by bob",
    ],
    [
      "twice as old when the Pod starts",
      {
        annotations: by({ bob: `${one}; at=2026-11-24T07:00:00Z` }),
        asked: { withinSeconds: 3600 },
        moment: "pod-start",
      },
      "approved by bob",
    ],
    [
      "dated by a clock a little ahead",
      { annotations: by({ bob: `${one}; at=2026-11-24T09:00:30Z` }) },
      "approved by bob",
    ],
    [
      "for both units",
      { annotations: by({ alice: `${one},${two}` }), units: [unit(one), unit(two)] },
      "approved by alice",
    ],
    [
      "for each unit by another",
      { annotations: by({ alice: one, bob: two }), units: [unit(one), unit(two)] },
      "approved by alice, bob",
    ],
    [
      "signed, where the policy asks for it",
      { annotations: by({ alice: signed("alice") }), policy: signedOnly },
      "approved by alice",
    ],
    [
      "signed, where it need not be",
      { annotations: by({ alice: signed("alice", { ref: "OPS-1" }) }) },
      "approved by alice",
    ],
  ])("%s", (_, given, proof) => {
    expect(reason(given)).toBe(`holds: ${proof}`);
  });
});

const notFitting = "has a signature that proves nothing: it does not fit what the annotation says";
const otherKey =
  "has a signature that proves nothing: it was made with a key that the policy does not list for this approver";

describe("an approval does not count", () => {
  it.each<[string, Case, string]>([
    ["where there is none", { annotations: {} }, "0 of 1 (dba)"],
    ["no group asked, none there", { annotations: {}, asked: { group: "", count: 2 } }, "0 of 2"],
    [
      "for another digest",
      { annotations: by({ alice: other }) },
      "0 of 1 (dba); alice approved something else, or it changed since",
    ],
    [
      "of someone unknown",
      { annotations: by({ mallory: one }) },
      "0 of 1 (dba); mallory is not an approver in policy production",
    ],
    [
      "of a name written otherwise",
      { annotations: by({ Alice: one }) },
      "0 of 1 (dba); Alice is not an approver in policy production",
    ],
    [
      "under a name that is a sentence",
      { annotations: by({ "alice\nis immutable": one }) },
      "0 of 1 (dba); an annotation's name is not an approver in policy production",
    ],
    [
      "under no name",
      { annotations: { "approval.migration-gate.dev/": one } },
      "0 of 1 (dba); an annotation's name is not an approver in policy production",
    ],
    ["of the wrong group", { annotations: by({ carol: one }) }, "0 of 1 (dba); carol is not in group dba"],
    [
      "that cannot be read",
      { annotations: by({ alice: "yes" }) },
      "0 of 1 (dba); alice's approval cannot be read: it must begin with sha256: and 64 small hex digits, more after a comma",
    ],
    [
      "from its limit on",
      { annotations: by({ alice: `${one}; until=2026-11-24T09:00:00Z` }) },
      "0 of 1 (dba); alice's approval has expired",
    ],
    [
      "dated in the future",
      { annotations: by({ alice: `${one}; at=2026-11-24T09:00:31Z` }) },
      "0 of 1 (dba); alice's approval is dated in the future",
    ],
    [
      "without a date where the policy bounds its age",
      { annotations: by({ alice: one }), asked: { withinSeconds: 3600 } },
      "0 of 1 (dba); alice's approval does not say when it was given (at=)",
    ],
    [
      "older than the policy allows",
      { annotations: by({ alice: `${one}; at=2026-11-24T07:59:59Z` }), asked: { withinSeconds: 3600 } },
      "0 of 1 (dba); alice's approval is older than the policy allows",
    ],
    ["alone where two are asked", { annotations: by({ alice: one }), asked: { count: 2 } }, "1 of 2 (dba)"],
    [
      "with one of the wrong group where two are asked",
      { annotations: by({ alice: one, carol: one }), asked: { count: 2 } },
      "1 of 2 (dba); carol is not in group dba",
    ],
    [
      "of one person twice",
      { annotations: by({ alice: `${one},${two}`, "alice.": one }), asked: { count: 2 } },
      "1 of 2 (dba); alice. is not an approver in policy production",
    ],
    [
      "for one of two units",
      { annotations: by({ alice: one }), units: [unit(one), unit(two)] },
      "0 of 1 (dba); alice approved something else, or it changed since",
    ],
    [
      "spread over two units where each needs two",
      { annotations: by({ alice: `${one},${two}`, bob: one }), units: [unit(one), unit(two)], asked: { count: 2 } },
      "1 of 2 (dba); bob approved something else, or it changed since",
    ],
    [
      "unsigned where the policy trusts only signatures",
      { annotations: by({ alice: one }), policy: signedOnly },
      "0 of 1 (dba); alice's approval is not signed, and the policy counts only signed ones",
    ],
    [
      "signed by another approver",
      { annotations: by({ alice: signed("alice", {}, keys.bob) }), policy: signedOnly },
      `0 of 1 (dba); alice's approval ${otherKey}`,
    ],
    [
      "copied from another approver, signature and all",
      { annotations: by({ bob: signed("alice") }), policy: signedOnly },
      `0 of 1 (dba); bob's approval ${otherKey}`,
    ],
    [
      "signed, then given a digest more",
      {
        annotations: by({ alice: signed("alice", { digests: [other] }).replace(other, `${other},${one}`) }),
        policy: signedOnly,
      },
      `0 of 1 (dba); alice's approval ${notFitting}`,
    ],
    [
      "signed, then prolonged",
      { annotations: by({ alice: signed("alice", { until: "2026-11-25T00:00:00Z" }).replace("11-25", "12-25") }) },
      `0 of 1 (dba); alice's approval ${notFitting}`,
    ],
    [
      "signed, its limit taken away",
      { annotations: by({ alice: signed("alice", { until: "2026-11-25T00:00:00Z" }).replace(/ until=[^;]*;/, "") }) },
      `0 of 1 (dba); alice's approval ${notFitting}`,
    ],
    [
      "signed by someone whose key nobody knows",
      { annotations: by({ carol: signed("alice") }), asked: { group: "lead" } },
      "0 of 1 (lead); carol's approval is signed, but the policy lists no SSH key to check it with",
    ],
  ])("%s", (_, given, expected) => {
    expect(reason(given)).toBe(expected);
  });

  it("because of many things: three are named, by approver's name", () => {
    const annotations = by({ zoe: one, mallory: one, carol: one, eve: one, bob: other });
    const named =
      "bob approved something else, or it changed since; carol is not in group dba; eve is not an approver in policy production";
    expect(reason({ annotations })).toBe(`0 of 1 (dba); ${named}; and 2 more`);
  });
});

it("commonMetadata that puts one approval on every object approves that unit and nothing else", () => {
  const annotations = by({ alice: one });
  const units = [one, two, other].map(unit);
  const held = units.filter((each) => verify({ annotations, units: [each] }).holds);
  expect(held.map(({ digest }) => digest)).toEqual([one]);
});

it("what is missing names the units, and the exact command for them", () => {
  const verification = verify({
    annotations: by({ alice: two }),
    units: [unit(one), unit(two), unit(other), unit(one)],
  });
  expect(verification).toEqual({
    holds: false,
    missing: {
      evidence: "approval",
      reason: "0 of 1 (dba); alice approved something else, or it changed since",
      remedy: `migration-gate approve ${one},${other} --as <you>`,
      atSync: false,
      digests: [one, other],
    },
  });
});

it("nothing outside the approval prefix is taken for an approval", () => {
  expect(reason({ annotations: { "approval.example.com/alice": one, alice: one } })).toBe("0 of 1 (dba)");
});

it("a claim for other evidence is a mistake in the gate, not a missing approval", () => {
  const facts: EvidenceFacts = { now, moment: "admission", annotations: {}, policy, recovery: null };
  const claim = { requirement: { evidence: "rollback-owner" } as const, units: [unit(one)], run: null, target: null };
  expect(() => approval.verify(claim, facts)).toThrow("approval cannot prove rollback-owner");
});

describe("approvals that stand in for a recovery point", () => {
  const recovery = (withoutRecovery: number | null) =>
    ({ evidence: "recovery-point", arms: [], withoutRecovery }) as const;
  const asks = (count: number, group: string): Requirement => ({
    evidence: "approval",
    count,
    group,
    withinSeconds: null,
  });
  it.each<[string, number | null, readonly Requirement[], number | null]>([
    ["none where the policy allows none", null, [asks(1, "dba")], null],
    ["the extra ones, where none is asked", 2, [], 2],
    ["the extra ones beside the one that is asked anyway", 2, [asks(1, "dba")], 3],
    ["beside one of each of two groups", 1, [asks(1, "dba"), asks(1, "lead")], 3],
    ["beside one of a group, who is also one of the two of any", 1, [asks(1, "dba"), asks(2, "")], 3],
    ["whatever other evidence is asked", 1, [{ evidence: "rollback-owner" }, recovery(1)], 1],
  ])("%s", (_, without, others, count) => {
    const expected = count === null ? null : { evidence: "approval", count, group: "", withinSeconds: null };
    expect(standInApproval(recovery(without), others)).toEqual(expected);
  });
});
