import type { Log } from "../log.ts";
import type { Observation } from "./reviewing.ts";

/** One line a review: who, what, decided how, how long. Neither the body nor any statement is in it. */
export function logReview(log: Log, { findings, milliseconds, failure, ...said }: Observation): void {
  const line = { ...said, findings: findings.length, milliseconds: Math.round(milliseconds * 10) / 10 };
  if (failure === null) log.info(line, "review");
  else log.error({ ...line, err: failure.error }, "review failed");
}
