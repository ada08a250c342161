import type { EvidenceFacts } from "../model/evidence.ts";
import type { Approver } from "../model/policy.ts";
import {
  type Approval,
  approvalNamespace,
  approvalPrefix,
  isExpired,
  parseApproval,
  parseTime,
  signedText,
} from "./approval-annotation.ts";
import { verifySshSignature } from "./sshsig.ts";

/** What one annotation is worth, before anyone asks for whom and what: a known person's approval, or why it is none. */
export type Consent =
  | { readonly kind: "given"; readonly approver: Approver; readonly approval: Approval }
  | { readonly kind: "void"; readonly reason: string };

/** All approvals among the annotations, by approver's id. An approver has one annotation, so nobody counts twice. */
export function readConsents(facts: EvidenceFacts): readonly Consent[] {
  return Object.entries(facts.annotations)
    .filter(([key]) => key.startsWith(approvalPrefix))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => readConsent(key.slice(approvalPrefix.length), value, facts));
}

function readConsent(id: string, value: string, facts: EvidenceFacts): Consent {
  const approver = facts.policy.approvers.find((known) => known.id === id);
  if (approver === undefined) return nothing(`${printable(id)} is not an approver in policy ${facts.policy.name}`);
  const parsed = parseApproval(value);
  if (parsed.kind === "malformed") return nothing(`${id}'s approval cannot be read: ${parsed.reason}`);
  const { approval } = parsed;
  if (isExpired(approval, facts.now)) return nothing(`${id}'s approval has expired`);
  if (isFromTheFuture(approval, facts)) return nothing(`${id}'s approval is dated in the future`);
  const doubt = doubtOfSignature(approver, approval, facts);
  return doubt === null ? { kind: "given", approver, approval } : nothing(`${id}'s approval ${doubt}`);
}

/** Otherwise a date far ahead would keep an approval fresh for ever. */
function isFromTheFuture({ at }: Approval, { now, policy }: EvidenceFacts): boolean {
  return at !== null && (parseTime(at) ?? 0) > now.getTime() + policy.clockSkewSeconds * 1000;
}

/** A signature that is there must hold, even where none is asked for: a broken one says that somebody changed the text. */
function doubtOfSignature(approver: Approver, approval: Approval, { policy }: EvidenceFacts): string | null {
  if (approval.sig === null) {
    return policy.trust === "signed" ? "is not signed, and the policy counts only signed ones" : null;
  }
  if (approver.sshKeys.length === 0) return "is signed, but the policy lists no SSH key to check it with";
  const verification = verifySshSignature({
    signature: approval.sig,
    text: signedText(approver.id, approval),
    namespace: approvalNamespace,
    keys: approver.sshKeys,
  });
  return verification.verified ? null : `has a signature that proves nothing: ${verification.reason}`;
}

/** Names in annotations are anyone's text until the policy knows them. */
function printable(id: string): string {
  return /^[A-Za-z0-9._-]{1,63}$/.test(id) ? id : "an annotation's name";
}

function nothing(reason: string): Consent {
  return { kind: "void", reason };
}
