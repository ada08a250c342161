import type { Change } from "../model/change.ts";
import { annotationIn } from "./annotations.ts";
import { fieldHit } from "./hits.ts";
import { written } from "./judged.ts";

const key = "cnpg.io/fencedInstances";

/** PostgreSQL is stopped on the named instances. The operator does so itself for cold backups and replica demotion (cnpg.md section 3). */
export const instancesFenced: Change = {
  id: "instances-fenced",
  title: "Instances fenced",
  hazard: "availability",
  phase: "migrate",
  resources: ["postgresql.cnpg.io/clusters"],
  operations: ["CREATE", "UPDATE"],
  why: "stops PostgreSQL on these instances; a fenced primary is not failed over",
  instead: "switch over first, and fence the standby only",
  check(request, facts) {
    const change = facts.isOperator ? null : written(request);
    if (change === null) return [];
    const { from, to } = annotationIn(change, key);
    const before = fenced(from);
    if (fenced(to).every((instance) => before.includes(instance) || before.includes("*"))) return [];
    return [fieldHit(change.after, change.after.metadata.name, `annotation ${key}`, from || null, to)];
  },
};

/** The annotation is a JSON list of instance names, or `["*"]`; what cannot be read counts as one name. */
function fenced(annotation: string): readonly string[] {
  if (annotation === "") return [];
  try {
    const names: unknown = JSON.parse(annotation);
    return Array.isArray(names) ? names.map(String) : [annotation];
  } catch {
    return [annotation];
  }
}
