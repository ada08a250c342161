import { publicKeyProblem } from "../evidence/sshsig.ts";
import type { FieldPath } from "./document.ts";
import type { PolicyFile, PriceText, RequirementText } from "./schema.ts";
import { type FieldProblem, printPath } from "./schema-check.ts";

/** What a schema cannot say: a price nobody can ever pay, and names that mean nothing or two things. */
export function checkMeaning({ spec }: PolicyFile, ruleIds: readonly string[]): readonly FieldProblem[] {
  return [
    ...repeatedApprovers(spec.approvers),
    ...spec.approvers.flatMap((approver, index) => keyProblems(approver, index)),
    ...sharedKeys(spec.approvers),
    ...unknownRules(spec.rules ?? {}, ruleIds),
    ...pricesOf(spec).flatMap(([path, price]) => unpayable(path, price, spec)),
  ];
}

type Spec = PolicyFile["spec"];
type ApproverText = Spec["approvers"][number];

const problem = (path: FieldPath, text: string): FieldProblem => ({ path, text: `${printPath(path)} ${text}` });

function repeatedApprovers(approvers: readonly ApproverText[]): readonly FieldProblem[] {
  const seen = new Set<string>();
  return approvers.flatMap(({ id }, index) => {
    if (seen.has(id))
      return [problem(["spec", "approvers", index, "id"], `is ${id} a second time; one entry a person`)];
    seen.add(id);
    return [];
  });
}

function keyProblems({ sshKeys = [] }: ApproverText, index: number): readonly FieldProblem[] {
  return sshKeys.flatMap((key, position) => {
    const reason = publicKeyProblem(key);
    if (reason === null) return [];
    const text = `cannot be used: ${reason}; it must be a line of an OpenSSH .pub file`;
    return [problem(["spec", "approvers", index, "sshKeys", position], text)];
  });
}

/** With one key under two names, one person would count as two. */
function sharedKeys(approvers: readonly ApproverText[]): readonly FieldProblem[] {
  const owners = new Map<string, string>();
  return approvers.flatMap(({ id, sshKeys = [] }, index) =>
    sshKeys.flatMap((key, position) => {
      const blob = key.trim().split(/\s+/)[1] ?? key;
      const owner = owners.get(blob) ?? id;
      owners.set(blob, owner);
      if (owner === id) return [];
      return [
        problem(["spec", "approvers", index, "sshKeys", position], `is ${owner}'s key too; a key proves one person`),
      ];
    }),
  );
}

function unknownRules(rules: Readonly<Record<string, PriceText>>, known: readonly string[]): readonly FieldProblem[] {
  return Object.keys(rules)
    .filter((id) => !known.includes(id))
    .map((id) => problem(["spec", "rules", id], `is not a rule; one of ${known.toSorted().join(", ")}`));
}

function pricesOf(spec: Spec): readonly [FieldPath, PriceText][] {
  return [
    [["spec", "schemaChange"], spec.schemaChange],
    ...entries("hazards", spec.hazards),
    ...entries("rules", spec.rules ?? {}),
  ];
}

function entries(field: string, prices: Readonly<Record<string, PriceText>>): readonly [FieldPath, PriceText][] {
  return Object.entries(prices).map(([id, price]) => [["spec", field, id], price]);
}

function unpayable(path: FieldPath, price: PriceText, spec: Spec): readonly FieldProblem[] {
  if (typeof price === "string") return [];
  return price.require.flatMap((requirement, index) => {
    const asked = askedApprovers(requirement);
    const able = spec.approvers.filter((approver) => canApprove(approver, asked.group, spec.trust)).length;
    if (able >= asked.count) return [];
    const noun = asked.count === 1 ? "approver" : "approvers";
    const who = asked.group === "" ? noun : `${noun} of group ${asked.group}`;
    const signing = spec.trust === "signed" ? " with an SSH key" : "";
    return [
      problem([...path, "require", index], `asks for ${asked.count} ${who}; spec.approvers has ${able}${signing}`),
    ];
  });
}

function askedApprovers(requirement: RequirementText): { readonly count: number; readonly group: string } {
  switch (requirement.evidence) {
    case "approval":
      return { count: requirement.count, group: requirement.group ?? "" };
    case "recovery-point":
      return { count: requirement.withoutRecovery ?? 0, group: "" };
    case "rollback-window":
    case "rollback-owner":
      return { count: 0, group: "" };
  }
}

function canApprove({ groups = [], sshKeys = [] }: ApproverText, group: string, trust: Spec["trust"]): boolean {
  return (group === "" || groups.includes(group)) && (trust === "repository" || sshKeys.length > 0);
}
