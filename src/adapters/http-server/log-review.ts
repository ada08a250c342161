import type { Log } from "../log.ts";
import type { Observation } from "./reviewing.ts";

/**
 * One line a review: who, what, decided how, how long. Neither the body nor any statement is in it. What was allowed
 * without a finding is the bulk and says nothing: it is a line at level debug, and counted in the metrics anyway.
 */
export function logReview(log: Log, observation: Observation): void {
  const isPlain = observation.decision === "allow" && observation.findings.length === 0 && observation.failure === null;
  if (isPlain && !log.isLevelEnabled("debug")) return;
  const { findings, milliseconds, failure, ...said } = observation;
  const line = { ...said, findings: findings.length, milliseconds: Math.round(milliseconds * 10) / 10 };
  if (failure === null) log[isPlain ? "debug" : "info"](line, "review");
  else log.error({ ...line, err: failure.error }, "review failed");
}
