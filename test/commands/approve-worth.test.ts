import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { worthless } from "../../src/commands/approve-worth.ts";
import { approvalNamespace, formatApproval, signedText } from "../../src/evidence/approval-annotation.ts";
import type { Policy } from "../../src/model/policy.ts";
import { readPolicy } from "../../src/policy.ts";
import { ed25519Signer } from "../evidence/ssh-signer.ts";
import { digestOf, finding, job, unit } from "../gate/decisions.ts";

const now = new Date("2026-11-24T09:00:00Z");
const [own, other] = [ed25519Signer(), ed25519Signer()];
const asked = readPolicy(readFileSync("policies/production.yaml", "utf8"), "policies/production.yaml");
const listed = (policy: Policy): Policy => ({
  ...policy,
  approvers: policy.approvers.map((approver) => ({ ...approver, sshKeys: [own.publicKey] })),
});
const signed: Policy = { ...listed(asked), trust: "signed" };

const unsigned = { digests: [digestOf("9")], at: "2026-11-24T09:00:00Z", until: null, ref: null, sig: null };
const place = {
  file: "job.yaml",
  document: 1,
  line: 1,
  textLines: new Map<string, number>(),
  object: { ...job, metadata: { name: job.name } },
};

function judged(approver: string, policy: Policy | null, key: typeof own | null, hazards = [finding()]) {
  const sig = key?.signature(signedText(approver, unsigned), { namespace: approvalNamespace }) ?? null;
  const value = formatApproval({ ...unsigned, sig });
  return worthless({ approver, value }, [{ ...unit({ findings: hazards }), place, policy }], now);
}

const notInGroup =
  "policy production asks for approvers in dba for 1 statement of ConfigMap production/mig-sql up.sql, and carol is not one";
const recoverability = finding({ rule: "backup-off", hazard: "recoverability" });
const integrity = finding({ rule: "drop-constraint", hazard: "integrity" });

it.each<[string, ReturnType<typeof judged>, string | null]>([
  ["a DBA where a DBA is asked", judged("alice", asked, null), null],
  [
    "a stranger",
    judged("nobody", asked, null),
    "nobody is not an approver in policy production, which has alice, bob, carol",
  ],
  [
    "anyone where nobody may approve",
    judged("alice", { ...asked, approvers: [] }, null),
    "alice is not an approver in policy production, which has none",
  ],
  ["another group", judged("carol", asked, null), notInGroup],
  ["another group, where anybody is asked", judged("carol", asked, null, [integrity]), null],
  ["another group, where people may stand in for a backup", judged("carol", asked, null, [recoverability]), null],
  ["anyone known, where nothing asks for an approval", judged("carol", asked, null, []), null],
  [
    "no signature where one is asked for",
    judged("alice", signed, null),
    "alice's approval is not signed, and the policy counts only signed ones",
  ],
  ["a signature by a listed key", judged("alice", signed, own), null],
  [
    "a signature by another key",
    judged("alice", signed, other),
    "alice's approval has a signature that proves nothing: it was made with a key that the policy does not list for this approver",
  ],
  [
    "a signature where no key is listed",
    judged("alice", asked, own),
    "alice's approval is signed, but the policy lists no SSH key to check it with",
  ],
  ["a stranger, where no policy can tell", judged("nobody", null, null), null],
])("%s", (_, reason, wanted) => {
  expect(reason).toBe(wanted);
});
