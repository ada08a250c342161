import type { DecisionCode } from "../model/decision.ts";

/** One stable code: what it means to the person denied, and what to do. docs/denial-codes.md is printed from it. */
export interface DenialCode {
  readonly code: DecisionCode;
  readonly means: string;
  readonly remedy: string;
}

export const denialCodes: readonly DenialCode[] = [
  {
    code: "MG-ALLOWED",
    means: "nothing stands in the way",
    remedy: "nothing",
  },
  {
    code: "MG-WARNED",
    means: "it may pass, with something a person should know",
    remedy: "read the warnings",
  },
  {
    code: "MG-DENIED",
    means: "evidence that the policy asks for is missing",
    remedy: "get what the lines that begin with `missing` name, each with its command",
  },
  {
    code: "MG-CHECKPOINT",
    means: "only a recovery point is missing: everything else is settled",
    remedy: "take a backup with the command in the denial; the next sync passes",
  },
  {
    code: "MG-RERUN",
    means: "Flux would create and run this Job again at every sync, because its TTL removes it",
    remedy: "remove ttlSecondsAfterFinished and give every migration a Job name of its own",
  },
  {
    code: "MG-UNREADABLE",
    means: "the SQL, or the request itself, cannot be read, so it cannot be judged",
    remedy: "make the place named in the denial readable, or have exactly this opaque step approved",
  },
  {
    code: "MG-UNKNOWN-TARGET",
    means: "no Cluster, or more than one, can be the one it reaches",
    remedy: "annotate the Job with migration-gate.dev/target: <namespace>/<cluster>/<database>",
  },
  {
    code: "MG-NO-POLICY",
    means: "no policy, or more than one, selects the namespace",
    remedy: "name the namespace in exactly one policy file",
  },
  {
    code: "MG-RUNNING",
    means: "the Job's SQL may be running right now, so it may not be deleted",
    remedy: "wait until it has ended, or annotate it with migration-gate.dev/abort: <uid of the Job>",
  },
  {
    code: "MG-UNAVAILABLE",
    means: "the gate could not judge in time: the API server, a worker or the gate itself failed",
    remedy: "try again; if it stays, look at the gate's log and its /readyz",
  },
];
