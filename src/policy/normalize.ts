import type { Policy, Price, Requirement } from "../model/policy.ts";
import type { PolicyFile, PriceText, RequirementText } from "./schema.ts";

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A checked file's fields → Policy: ages in seconds, and what was left out filled in. */
export function toPolicy({ metadata, spec }: PolicyFile, file: string): Policy {
  const { hazards } = spec;
  return {
    name: metadata.name,
    file,
    namespaces: { names: spec.namespaces.names ?? [], labels: spec.namespaces.labels ?? {} },
    schemaChange: toPrice(spec.schemaChange),
    hazards: {
      "data-loss": toPrice(hazards["data-loss"]),
      "data-change": toPrice(hazards["data-change"]),
      recoverability: toPrice(hazards.recoverability),
      compatibility: toPrice(hazards.compatibility),
      availability: toPrice(hazards.availability),
      integrity: toPrice(hazards.integrity),
      privilege: toPrice(hazards.privilege),
      opaque: toPrice(hazards.opaque),
      note: toPrice(hazards.note ?? "warn"),
    },
    rules: Object.fromEntries(Object.entries(spec.rules ?? {}).map(([id, price]) => [id, toPrice(price)])),
    rerun: spec.rerun,
    trust: spec.trust,
    approvers: spec.approvers.map(({ id, groups = [], sshKeys = [] }) => ({ id, groups, sshKeys })),
    images: spec.images ?? [],
    unknownWorkloads: spec.unknownWorkloads ?? "ignore",
    workloadTemplates: spec.workloadTemplates ?? "audit",
    interactiveExec: spec.interactiveExec ?? "warn",
    injectedSidecars: spec.injectedSidecars ?? [],
    clockSkewSeconds: toSeconds(spec.clockSkew ?? "30s"),
  };
}

function toPrice(price: PriceText): Price {
  return typeof price === "string"
    ? { action: price }
    : { action: "require", require: price.require.map(toRequirement) };
}

function toRequirement(requirement: RequirementText): Requirement {
  switch (requirement.evidence) {
    case "approval": {
      const { count, group = "", within } = requirement;
      return { evidence: "approval", count, group, withinSeconds: within === undefined ? null : toSeconds(within) };
    }
    case "recovery-point": {
      const arms = requirement.anyOf.map(({ backupWithin }) => ({
        arm: "B" as const,
        backupWithinSeconds: toSeconds(backupWithin),
      }));
      return { evidence: "recovery-point", arms, withoutRecovery: requirement.withoutRecovery ?? null };
    }
    case "rollback-window":
    case "rollback-owner":
      return { evidence: requirement.evidence };
  }
}

/** "26h" → 93600. The schema has seen to the form. */
function toSeconds(duration: string): number {
  return Number(duration.slice(0, -1)) * (unitSeconds[duration.slice(-1)] ?? Number.NaN);
}
