import type { Mode } from "./kubernetes.ts";

export const modeLabel = "migration-gate.dev/mode";

/** Mode by a namespace's labels. A value nobody knows ("Enforce", "on") was meant to protect: it counts as enforce. */
export function modeOf(labels: Readonly<Record<string, string>>): Mode {
  const value = labels[modeLabel];
  if (value === undefined || value === "off") return "off";
  return value === "audit" ? "audit" : "enforce";
}
