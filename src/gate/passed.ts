import type { Decision, MissingEvidence } from "../model/decision.ts";
import type { AdmissionRequest, Mode, ObjectRef } from "../model/kubernetes.ts";
import type { Obstacle } from "../model/pricing.ts";
import { writtenName } from "../model/resource.ts";

const nothing = {
  target: null,
  units: [],
  findings: [],
  priced: [],
  missing: [],
  blocking: [],
  notes: [],
  policy: "",
} as const;

/** Nothing to judge: allowed without a word. `reason` goes into the audit log. */
export function untouched(object: ObjectRef, reason: string): Decision {
  return { ...nothing, object, decision: "allow", code: "MG-ALLOWED", reason };
}

/** One obstacle and nothing else: denied, or in an audited namespace warned of. */
export function stopped(object: ObjectRef, code: Decision["code"], obstacle: Obstacle, mode: Mode): Decision {
  const missing: readonly MissingEvidence[] = [obstacle];
  const denied = mode === "enforce";
  const reason = denied ? "" : "would be denied if its namespace were enforced";
  return { ...nothing, object, decision: denied ? "deny" : "warn", code, missing, blocking: missing, reason };
}

/** The strongest of several decisions; the first one of its strength, `none` if there are none. */
export function strongest(decisions: readonly Decision[], none: Decision): Decision {
  return decisions.toSorted((one, other) => strength(other) - strength(one))[0] ?? none;
}

function strength({ decision }: Decision): number {
  return ["allow", "warn", "deny"].indexOf(decision);
}

/** The object a request is about; one that is only being made goes by its generateName, if it has one. */
export function objectOf(request: AdmissionRequest): ObjectRef {
  const object = request.object ?? request.oldObject;
  const { group, version, kind } = request.kind;
  const apiVersion = group === "" ? version : `${group}/${version}`;
  const isNew = request.operation === "CREATE" && object !== null;
  const name = isNew ? writtenName({ ...object.metadata, name: request.name }) : request.name;
  return { apiVersion, kind, namespace: kind === "Namespace" ? "" : request.namespace, name };
}
