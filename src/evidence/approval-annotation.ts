/** One annotation per approver: `approval.migration-gate.dev/<approver>`. Distinct keys, so that approvals merge in Git. */
export const approvalPrefix = "approval.migration-gate.dev/";
/** SSHSIG's namespace of approvals: a signature made for Git or anything else never counts as one. */
export const approvalNamespace = "migration-gate.dev";

/** What an approver's annotation says. `at`, `until`: RFC 3339 as written; `sig`: an SSHSIG blob in base64. */
export interface Approval {
  readonly digests: readonly string[];
  readonly at: string | null;
  readonly until: string | null;
  readonly ref: string | null;
  readonly sig: string | null;
}

export type ParsedApproval =
  | { readonly kind: "approval"; readonly approval: Approval }
  | { readonly kind: "malformed"; readonly reason: string };

const fieldForms = {
  at: { means: "an RFC 3339 time", accepts: (text: string) => parseTime(text) !== null },
  until: { means: "an RFC 3339 time", accepts: (text: string) => parseTime(text) !== null },
  ref: { means: "a ticket on one line", accepts: isTicket },
  sig: { means: "a base64 SSH signature", accepts: (text: string) => /^[A-Za-z0-9+/]+={0,2}$/.test(text) },
} as const;
type Field = keyof typeof fieldForms;

/** `sha256:<64 hex>[,sha256:…][; at=…][; until=…][; ref=…][; sig=…]`, nothing else. Reasons never repeat the text. */
export function parseApproval(value: string): ParsedApproval {
  const [list = "", ...parts] = value.split(";").map((part) => part.trim());
  const digests = list.split(",").map((digest) => digest.trim());
  if (!digests.every(isDigest))
    return malformed("it must begin with sha256: and 64 small hex digits, more after a comma");
  if (new Set(digests).size < digests.length) return malformed("it names a digest twice");
  const fields = new Map<Field, string>();
  for (const part of parts) {
    const equals = part.indexOf("=");
    const field = part.slice(0, Math.max(0, equals));
    if (!isField(field)) return malformed("after a semicolon only at=, until=, ref= and sig= may follow");
    if (fields.has(field)) return malformed(`it says ${field}= twice`);
    const text = part.slice(equals + 1);
    if (!fieldForms[field].accepts(text)) return malformed(`${field}= is not ${fieldForms[field].means}`);
    fields.set(field, text);
  }
  const read = (field: Field) => fields.get(field) ?? null;
  return {
    kind: "approval",
    approval: { digests, at: read("at"), until: read("until"), ref: read("ref"), sig: read("sig") },
  };
}

/** The annotation's value; parsing it gives the same approval. */
export function formatApproval(approval: Approval): string {
  return [approval.digests.join(","), ...fieldLines(approval, ["at", "until", "ref", "sig"], "=")].join("; ");
}

/**
 * What an approver signs: every field, each on a line that starts with its name, digests sorted because their order
 * means nothing. The approver's id is in it, so that nobody passes off another's signature as his own.
 */
export function signedText(approver: string, approval: Approval): string {
  return [
    "migration-gate.dev/approval/v1",
    `approver: ${approver}`,
    ...approval.digests.toSorted().map((digest) => `digest: ${digest}`),
    ...fieldLines(approval, ["at", "until", "ref"], ": "),
    "",
  ].join("\n");
}

/**
 * Adds an approval to what the annotation says already. Consent to one digest never prolongs consent to another: an
 * expired one goes, and the earlier `until` holds for all. A signature covers the whole text, so it goes too.
 */
export function mergeApproval(known: Approval, added: Approval, now: Date): Approval {
  const kept = isExpired(known, now) ? [] : known.digests.filter((digest) => !added.digests.includes(digest));
  if (kept.length === 0) return added;
  return {
    digests: [...kept, ...added.digests],
    at: added.at,
    until: earlier(known.until, added.until),
    ref: added.ref ?? known.ref,
    sig: null,
  };
}

/** From the very second that `until` names, an approval no longer counts. */
export function isExpired(approval: Approval, now: Date): boolean {
  return approval.until !== null && (parseTime(approval.until) ?? 0) <= now.getTime();
}

/** RFC 3339 → milliseconds; null for anything else, dates that no calendar has included. */
export function parseTime(text: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.exec(text);
  const day = match?.[1] ?? "";
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds) || Number.isNaN(Date.parse(day))) return null;
  return new Date(day).toISOString().startsWith(day) ? milliseconds : null;
}

/** Anything short on one line, but no semicolon: that would begin the next field. */
export function isTicket(text: string): boolean {
  return /^[^;\p{C}]{1,200}$/u.test(text);
}

/** True for "sha256:<64 hex>". */
export function isDigest(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

function earlier(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return (parseTime(one) ?? 0) <= (parseTime(other) ?? 0) ? one : other;
}

function fieldLines(approval: Approval, fields: readonly Field[], separator: string): readonly string[] {
  return fields.flatMap((field) => (approval[field] === null ? [] : [`${field}${separator}${approval[field]}`]));
}

function isField(text: string): text is Field {
  return Object.hasOwn(fieldForms, text);
}

function malformed(reason: string): ParsedApproval {
  return { kind: "malformed", reason };
}
