import type { Change } from "../model/change.ts";
import { fieldHit } from "./hits.ts";
import { updated } from "./judged.ts";

/** Other labels choose another policy, or none: judged by the policy it leaves (design section 3). */
export const namespacePolicyChanged: Change = {
  id: "namespace-policy-changed",
  title: "Namespace's policy changed",
  hazard: "recoverability",
  phase: "migrate",
  resources: ["core/namespaces"],
  operations: ["UPDATE"],
  why: "another policy says from then on what migrations in the namespace need",
  instead: "name the namespace in the policy file, where a change is reviewed",
  check(request, { policies: { before, after } }) {
    const update = updated(request);
    if (update === null || before === "" || before === after) return [];
    return [fieldHit(update.after, "", "policy", before, after || "none")];
  },
};
