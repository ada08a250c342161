import type { Decision, DecisionCode, MissingEvidence, Unit } from "../model/decision.ts";
import type { Mode, ObjectRef } from "../model/kubernetes.ts";
import type { Obstacle, Pricing } from "../model/pricing.ts";
import type { Target } from "../model/run.ts";

/** Everything a decision rests on, once all evidence is verified. */
export interface Weighing {
  readonly object: ObjectRef;
  readonly mode: Mode;
  readonly policy: string;
  readonly target: Target | null;
  readonly units: readonly Unit[];
  readonly pricing: Pricing;
  readonly missing: readonly MissingEvidence[];
  readonly obstacles: readonly Obstacle[];
  /** see Decision.notes */
  readonly notes: readonly string[];
  /** digests of units whose text may still change before the real request (dry-run over a live ConfigMap): they only warn */
  readonly provisional: ReadonlySet<string>;
  /** without a cluster, evidence that exists only at sync time is listed and does not deny */
  readonly deferAtSync: boolean;
}

/** Step 9: whatever is missing denies in an enforced namespace and warns in an audited one. */
export function decide(weighing: Weighing): Decision {
  const { object, policy, target, units, pricing, missing, obstacles } = weighing;
  const notes = [...weighing.notes, ...pricing.notes];
  const asked = [...obstacles, ...missing];
  const blocking = asked.filter((evidence) => blocks(evidence, weighing));
  const denied = blocking.length > 0 && weighing.mode === "enforce";
  const wouldDeny = blocking.length > 0 && !denied;
  const spoken = pricing.warned.length + notes.length + asked.length;
  const decision = denied ? "deny" : spoken > 0 ? "warn" : "allow";
  return {
    object,
    decision,
    code: blocking.length > 0 ? codeOf(blocking, units) : decision === "warn" ? "MG-WARNED" : "MG-ALLOWED",
    target,
    units,
    findings: [...pricing.priced, ...pricing.warned],
    priced: pricing.priced,
    missing: asked,
    blocking,
    notes,
    reason: wouldDeny ? "would be denied if its namespace were enforced" : "",
    policy,
  };
}

function blocks(evidence: MissingEvidence, { provisional, deferAtSync }: Weighing): boolean {
  if (deferAtSync && evidence.atSync) return false;
  return evidence.digests.length === 0 || !evidence.digests.every((digest) => provisional.has(digest));
}

/** The narrowest code that is true of everything that blocks; the first row whose condition holds. */
function codeOf(blocking: readonly MissingEvidence[], units: readonly Unit[]): DecisionCode {
  const kinds = new Set(blocking.map(({ evidence }) => evidence));
  const row = codes.find(({ evidence, alone }) => kinds.has(evidence) && (!alone || kinds.size === 1));
  if (row !== undefined) return row.code;
  const digests = new Set(blocking.flatMap((evidence) => evidence.digests));
  const concerned = units.filter(({ digest }) => digests.has(digest)).flatMap((unit) => unit.findings);
  const unreadable = concerned.length > 0 && concerned.every(({ rule }) => rule === "unreadable");
  return unreadable ? "MG-UNREADABLE" : "MG-DENIED";
}

const codes: readonly { readonly evidence: string; readonly alone: boolean; readonly code: DecisionCode }[] = [
  { evidence: "gate", alone: false, code: "MG-UNAVAILABLE" },
  { evidence: "running", alone: false, code: "MG-RUNNING" },
  { evidence: "policy", alone: false, code: "MG-NO-POLICY" },
  { evidence: "target", alone: false, code: "MG-UNKNOWN-TARGET" },
  { evidence: "rerun", alone: true, code: "MG-RERUN" },
  { evidence: "recovery-point", alone: true, code: "MG-CHECKPOINT" },
];
