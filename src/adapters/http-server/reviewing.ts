import type { Decision } from "../../model/decision.ts";
import type { AdmissionResponse } from "../../model/kubernetes.ts";
import { type Summary, summarize } from "./summary.ts";

/** Which registration asked. `failOpen`: its failurePolicy is Ignore, so what cannot be judged passes with a warning. */
export interface Registration {
  readonly endpoint: "validate" | "mutate";
  readonly failOpen: boolean;
}

/** What goes back to the API server. There is no patch in it: the mutating registration only looks. */
interface AdmissionReviewAnswer {
  readonly apiVersion: "admission.k8s.io/v1";
  readonly kind: "AdmissionReview";
  readonly response: AdmissionResponse;
}

/** The gate's response and the decision behind it, for log and metrics; null when there was nothing to decide on. */
export interface Reviewed {
  readonly response: AdmissionResponse;
  readonly decision: Pick<Decision, "decision" | "code" | "findings"> | null;
}

/** Whatever was thrown. */
interface Failure {
  readonly error: unknown;
}

/** One review as log and metrics see it. */
export interface Observation extends Summary {
  readonly endpoint: Registration["endpoint"];
  readonly decision: Decision["decision"];
  readonly code: string;
  readonly findings: Decision["findings"];
  readonly milliseconds: number;
  /** what went wrong inside, null if nothing did */
  readonly failure: Failure | null;
}

/** `deadlineMs` is counted from the request's arrival and lies below the registration's timeoutSeconds. */
export interface ReviewLimits {
  readonly deadlineMs: number;
  readonly concurrentReviews: number;
}

/** Calls back once if the caller goes away before it is answered. */
export type Gone = (then: () => void) => void;

export interface Reviewing {
  /** Always an answer: past the deadline, when busy or after an error it is a denial that says so. `elapsedMs` since arrival. */
  answer(body: unknown, registration: Registration, elapsedMs: number, gone: Gone): Promise<AdmissionReviewAnswer>;
  /** An answer without a review: the request could be told by its uid, but not be judged. */
  refuse(uid: string, registration: Registration, reason: string): AdmissionReviewAnswer;
}

interface Options {
  review(body: unknown, registration: Registration, signal: AbortSignal): Promise<Reviewed>;
  readonly limits: ReviewLimits;
  observe(observation: Observation): void;
}

/** Puts the gate behind a deadline and a limit on how many reviews run at once. */
export function createReviewing({ review, limits, observe }: Options): Reviewing {
  let running = 0;

  async function judge(body: unknown, registration: Registration, elapsedMs: number, gone: Gone): Promise<Outcome> {
    if (running >= limits.concurrentReviews) return { kind: "unable", reason: "the gate is busy" };
    running += 1;
    const deadline = startDeadline(Math.max(1, limits.deadlineMs - elapsedMs), gone);
    try {
      const reviewed = await Promise.race([review(body, registration, deadline.signal), deadline.passed]);
      return reviewed === "late" ? late(limits.deadlineMs) : { kind: "judged", reviewed };
    } catch (error) {
      return deadline.isOver()
        ? late(limits.deadlineMs)
        : { kind: "unable", reason: `the gate failed while judging it${codeOf(error)}`, failure: { error } };
    } finally {
      deadline.stop();
      running -= 1;
    }
  }

  return {
    async answer(body, registration, elapsedMs, gone) {
      const started = performance.now();
      const summary = summarize(body);
      const outcome = checked(await judge(body, registration, elapsedMs, gone), summary.uid);
      const milliseconds = elapsedMs + performance.now() - started;
      const { response, decision, failure } = settled(outcome, summary.uid, registration);
      const { code, findings } = decision;
      observe({
        ...summary,
        endpoint: registration.endpoint,
        decision: decision.decision,
        code,
        findings,
        milliseconds,
        failure,
      });
      return envelope(response);
    },
    refuse(uid, registration, reason) {
      const { response, decision } = unavailable(uid, registration, reason);
      observe({
        ...summarize(null),
        uid,
        endpoint: registration.endpoint,
        ...decision,
        milliseconds: 0,
        failure: null,
      });
      return envelope(response);
    },
  };
}

type Outcome =
  | { readonly kind: "judged"; readonly reviewed: Reviewed }
  | { readonly kind: "unable"; readonly reason: string; readonly failure?: Failure };

function late(deadlineMs: number): Extract<Outcome, { kind: "unable" }> {
  return { kind: "unable", reason: `no decision within ${deadlineMs / 1000} s` };
}

/** One signal for both reasons to stop; AbortSignal.any would cost as much as the rest of a short review. */
function startDeadline(milliseconds: number, gone: Gone) {
  const controller = new AbortController();
  let isOver = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<"late">((resolve) => {
    timer = setTimeout(() => {
      isOver = true;
      controller.abort(new Error("the review's deadline has passed"));
      resolve("late");
    }, milliseconds);
  });
  const stop = (): void => {
    isStopped = true;
    clearTimeout(timer);
  };
  // Every connection ends some time: that a caller goes after its answer is no reason to abort anything.
  gone(() => {
    if (!isStopped) controller.abort(new Error("the caller has gone"));
  });
  return { signal: controller.signal, passed, isOver: () => isOver, stop };
}

/** An answer under another uid would be dropped by the API server, and the caller would see only that. */
function checked(outcome: Outcome, uid: string): Outcome {
  if (outcome.kind === "unable" || outcome.reviewed.response.uid === uid) return outcome;
  return {
    kind: "unable",
    reason: "the gate answered another request",
    failure: { error: new Error("uid of the answer") },
  };
}

function settled(outcome: Outcome, uid: string, registration: Registration) {
  if (outcome.kind === "unable") {
    return { ...unavailable(uid, registration, outcome.reason), failure: outcome.failure ?? null };
  }
  const { response, decision } = outcome.reviewed;
  const unread = { decision: response.allowed ? "allow" : "deny", code: "MG-UNREADABLE", findings: [] } as const;
  return { response, decision: decision ?? unread, failure: null };
}

/** The text has no time and no id in it: the same failure must read the same, or every retry alerts anew. */
function unavailable(uid: string, { failOpen }: Registration, reason: string) {
  const code = "MG-UNAVAILABLE";
  const message = `${failOpen ? "not judged" : "denied"} [${code}]: ${reason}`;
  const decision = failOpen ? "warn" : "deny";
  const response: AdmissionResponse = {
    uid,
    allowed: failOpen,
    ...(failOpen ? { warnings: [message] } : { status: { code: 403, reason: "MigrationDenied", message } }),
    auditAnnotations: { decision, code },
  };
  return { response, decision: { decision, code, findings: [] } as const };
}

function envelope(response: AdmissionResponse): AdmissionReviewAnswer {
  return { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response };
}

/** Our own errors have a code that helps whoever is denied; a message might quote what was judged, so it stays out. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" ? ` (${code})` : "";
}
