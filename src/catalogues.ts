import { changes } from "./changes/index.ts";
import { rules } from "./rules/index.ts";
import { stepFindings } from "./step-findings.ts";

/** Everything a policy can price by name: rules, changes and what a step can be guilty of. */
export const ruleIds: readonly string[] = [...rules, ...stepFindings, ...changes].map(({ id }) => id);
