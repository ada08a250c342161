import type { Finding, MissingEvidence } from "./decision.ts";
import type { Claim } from "./evidence.ts";

/** What the policies of the targets ask for the findings of a request. */
export interface Pricing {
  /** evidence asked for, each with the units it is asked for */
  readonly claims: readonly Claim[];
  /** findings that only warn */
  readonly warned: readonly Finding[];
  /** findings some evidence is asked for */
  readonly priced: readonly Finding[];
  /** schema changes without a finding, where policy warns of them: "changes the schema of Cluster production/app-postgres" */
  readonly notes: readonly string[];
}

/** Something that stands in the way and that no evidence kind judges: no policy, no target, a run that would repeat. */
export type Obstacle = MissingEvidence & { readonly evidence: "policy" | "target" | "rerun" | "running" | "gate" };
