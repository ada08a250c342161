import { afterAll } from "vitest";
import { answer } from "../../src/gate/answer.ts";
import { createGate } from "../../src/gate/review.ts";
import type { Decision } from "../../src/model/decision.ts";
import type { AdmissionRequest, KubernetesObject } from "../../src/model/kubernetes.ts";
import type { Policy } from "../../src/model/policy.ts";
import type { World } from "../../src/ports.ts";
import { createAnalyzer, shippedPolicy, worldOf } from "./world.ts";

export type Judge = (
  request: AdmissionRequest,
  objects: readonly KubernetesObject[],
  parts?: Partial<World>,
) => Promise<Decision>;

/** The real gate with real SQL workers over these objects; closed when the test file ends. */
export function createJudge(): Judge {
  const analyzer = createAnalyzer();
  afterAll(() => analyzer.close());
  return (request, objects, parts = {}) =>
    createGate(worldOf(objects, { analyzer, ...parts })).judge(
      { request, failOpen: false },
      AbortSignal.timeout(30_000),
    );
}

/** Production's policy with some of it changed, beside the other shipped ones. */
export function production(changes: Partial<Policy>): Pick<World, "policies"> {
  const policies = [{ ...shippedPolicy("production"), ...changes }, shippedPolicy("staging"), shippedPolicy("develop")];
  return { policies: () => policies };
}

/** "deny MG-DENIED", and for what passes untouched why: "allow: unchanged pod template". */
export function outcome({ decision, code, reason, units }: Decision): string {
  return decision === "allow" && units.length === 0 ? `allow: ${reason}` : `${decision} ${code}`;
}

/** The approval of everything a decision asks one for, by this person. */
export function approvalOf({ units }: Decision, approver = "alice"): Readonly<Record<string, string>> {
  const digests = units.filter(({ findings }) => findings.length > 0).map(({ digest }) => digest);
  return { [`approval.migration-gate.dev/${approver}`]: digests.join(",") };
}

/** What a person is shown, denied or warned. */
export function textOf(decision: Decision): string {
  const { status, warnings } = answer("705ab4f5", decision);
  return status?.message ?? (warnings ?? []).join("\n");
}
