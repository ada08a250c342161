import type { Change } from "../model/change.ts";
import type { KubernetesObject, Mode } from "../model/kubernetes.ts";
import { labelOf } from "./cnpg-labels.ts";
import { fieldHit } from "./hits.ts";
import { updated } from "./judged.ts";

const label = "migration-gate.dev/mode";
const strictness: Readonly<Record<Mode, number>> = { off: 0, audit: 1, enforce: 2 };

/** The namespace's mode goes down: judged on the old object, since a selector does not see a dropped label (design section 3). */
export const namespaceModeLowered: Change = {
  id: "namespace-mode-lowered",
  title: "Namespace's mode lowered",
  hazard: "recoverability",
  phase: "migrate",
  resources: ["core/namespaces"],
  operations: ["UPDATE"],
  why: "what this gate refuses in the namespace today passes from then on",
  instead: "approve the one run or change that is in the way",
  check(request) {
    const update = updated(request);
    if (update === null) return [];
    const [from, to] = [modeOf(update.before), modeOf(update.after)];
    if (strictness[to] >= strictness[from]) return [];
    return [fieldHit(update.after, "", `label ${label}`, from, to)];
  },
};

/** Anything but the two words is off, as where the label is missing. */
function modeOf(namespace: KubernetesObject): Mode {
  const mode = labelOf(namespace, label);
  return mode === "enforce" || mode === "audit" ? mode : "off";
}
