import type { Change } from "../model/change.ts";
import type { Mode } from "../model/kubernetes.ts";
import { modeLabel, modeOf } from "../model/mode.ts";
import { fieldHit } from "./hits.ts";
import { updated } from "./judged.ts";

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
    const from = modeOf(update.before.metadata.labels ?? {});
    const to = modeOf(update.after.metadata.labels ?? {});
    if (strictness[to] >= strictness[from]) return [];
    return [fieldHit(update.after, "", `label ${modeLabel}`, from, to)];
  },
};
