import type { ObjectRef } from "./kubernetes.ts";
import type { Origin, Target } from "./run.ts";
import type { Hazard, Phase } from "./sql.ts";

/** One hit with its place, whatever found it: a rule, a tool's command, an opaque place, a cluster change. */
export interface Finding {
  /** id of the rule, change or opaque kind: anchor in docs/rules.md or docs/changes.md */
  readonly rule: string;
  readonly hazard: Hazard;
  readonly phase: Phase;
  readonly subject: string;
  /** masked, one line */
  readonly statement: string;
  readonly origin: Origin;
  readonly why: string;
  readonly instead: string;
}

/** The smallest thing that is priced and approved. */
export interface Unit {
  /** "sha256:<64 hex>" */
  readonly digest: string;
  readonly kind: "sql" | "opaque" | "change";
  readonly phase: Phase;
  readonly origin: Origin;
  /** null: unknown or external; findings then say so */
  readonly target: Target | null;
  /** for people: what the digest covers, one line */
  readonly covers: string;
  /** any DDL in it, also when no rule has a word to say */
  readonly changesSchema: boolean;
  readonly findings: readonly Finding[];
}

export type DecisionCode =
  | "MG-ALLOWED"
  | "MG-WARNED"
  | "MG-DENIED"
  | "MG-CHECKPOINT"
  | "MG-RERUN"
  | "MG-UNREADABLE"
  | "MG-UNKNOWN-TARGET"
  | "MG-NO-POLICY"
  | "MG-RUNNING"
  | "MG-UNAVAILABLE";

/** A piece of evidence that is not there. `atSync`: only the cluster at sync time can have it. */
export interface MissingEvidence {
  readonly evidence: string;
  readonly reason: string;
  readonly remedy: string;
  readonly atSync: boolean;
  /** units it is missing for */
  readonly digests: readonly string[];
}

export interface Decision {
  readonly object: ObjectRef;
  readonly decision: "allow" | "warn" | "deny";
  readonly code: DecisionCode;
  readonly target: Target | null;
  readonly units: readonly Unit[];
  /** all findings that cost something, the dearest first */
  readonly findings: readonly Finding[];
  /** those some evidence is asked for */
  readonly priced: readonly Finding[];
  /** all evidence that is not there, and whatever else stands in the way */
  readonly missing: readonly MissingEvidence[];
  /** the part of it that denies, or would in an enforced namespace */
  readonly blocking: readonly MissingEvidence[];
  /** what else a person should know, one line each: a schema change policy warns of, a run that will repeat */
  readonly notes: readonly string[];
  /** why nothing was judged ("unchanged pod template"), or why a denial became a warning; "" otherwise */
  readonly reason: string;
  /** name of the policy that priced it, "" if none was asked */
  readonly policy: string;
}
