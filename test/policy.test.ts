import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ruleIds } from "../src/catalogues.ts";
import type { Policy, Price } from "../src/model/policy.ts";
import { hazards } from "../src/model/sql.ts";
import { PolicyError, readPolicy, selectPolicy } from "../src/policy.ts";
import { ed25519Signer, tokenSigner } from "./evidence/ssh-signer.ts";

const shipped = (name: string): Policy => {
  const file = `policies/${name}.yaml`;
  return readPolicy(readFileSync(file, "utf8"), file);
};
const [develop, staging, production] = [shipped("develop"), shipped("staging"), shipped("production")];

/** A price as the design's table words it. */
function words(price: Price): string {
  if (price.action !== "require") return price.action;
  return price.require
    .map((requirement) => {
      if (requirement.evidence === "approval")
        return `${requirement.count} approval${requirement.group && ` by ${requirement.group}`}`;
      if (requirement.evidence !== "recovery-point") return requirement.evidence;
      const arms = requirement.arms.map(({ arm, backupWithinSeconds }) => `${arm} ${backupWithinSeconds / 60}m`);
      const without = requirement.withoutRecovery === null ? "" : ` or withoutRecovery ${requirement.withoutRecovery}`;
      return `recovery point ${arms.join(" or ")}${without}`;
    })
    .join("; ");
}

const destroying = "1 approval by dba; recovery point B 60m; rollback-window; rollback-owner";

describe("the shipped policies price as the design's table says", () => {
  it.each<[keyof Policy["hazards"], string, string, string]>([
    ["data-loss", "warn", "1 approval; recovery point B 1560m", destroying],
    ["data-change", "allow", "warn", "1 approval; recovery point B 60m"],
    ["opaque", "warn", "1 approval", destroying],
    ["recoverability", "warn", "1 approval", "1 approval by dba; recovery point B 60m or withoutRecovery 2"],
    ["compatibility", "allow", "warn", "1 approval"],
    ["integrity", "warn", "warn", "1 approval"],
    ["privilege", "warn", "warn", "1 approval"],
    ["availability", "allow", "warn", "warn"],
    ["note", "allow", "allow", "warn"],
  ])("%s", (hazard, ...expected) => {
    expect([develop, staging, production].map((policy) => words(policy.hazards[hazard]))).toEqual(expected);
  });

  it.each<[string, (policy: Policy) => string, string, string, string]>([
    ["any schema change", (policy) => words(policy.schemaChange), "allow", "allow", "warn"],
    [
      "a known forward subcommand",
      (policy) => words(policy.rules["forward-command"] ?? policy.hazards.opaque),
      "warn",
      "warn",
      "1 approval",
    ],
    [
      "an unknown program",
      (policy) => words(policy.rules["program"] ?? policy.hazards.opaque),
      "warn",
      "1 approval",
      destroying,
    ],
    [
      "rows of a query written over others",
      (policy) => words(policy.rules["insert-on-conflict-update"] ?? policy.hazards["data-change"]),
      "allow",
      "warn",
      "recovery point B 60m",
    ],
    [
      "seed data written again",
      (policy) => words(policy.rules["seed-upsert"] ?? policy.hazards["data-change"]),
      "allow",
      "warn",
      "warn",
    ],
    [
      "one row overwritten by its key",
      (policy) => words(policy.rules["update-by-key"] ?? policy.hazards["data-change"]),
      "allow",
      "warn",
      "warn",
    ],
    [
      "a foreign key made again otherwise",
      (policy) => words(policy.rules["weakened-foreign-key"] ?? policy.hazards.integrity),
      "warn",
      "warn",
      "warn",
    ],
    [
      "a trigger whose function is out of sight",
      (policy) => words(policy.rules["unseen-trigger-function"] ?? policy.hazards.opaque),
      "warn",
      "warn",
      "warn",
    ],
    ["a run at every sync", (policy) => policy.rerun, "warn", "warn", "deny"],
    ["trust", (policy) => policy.trust, "repository", "repository", "repository"],
    ["namespaces", (policy) => policy.namespaces.names.join(), "develop", "staging", "production"],
    [
      "labels",
      (policy) => JSON.stringify(policy.namespaces.labels),
      '{"migration-gate.dev/policy":"develop"}',
      '{"migration-gate.dev/policy":"staging"}',
      '{"migration-gate.dev/policy":"production"}',
    ],
    ["unknown workloads", (policy) => policy.unknownWorkloads, "ignore", "ignore", "ignore"],
    ["workload templates", (policy) => policy.workloadTemplates, "audit", "audit", "audit"],
    ["a shell in a database Pod", (policy) => policy.interactiveExec, "warn", "warn", "warn"],
    ["clocks may differ by", (policy) => String(policy.clockSkewSeconds), "30", "30", "30"],
  ])("%s", (_, read, ...expected) => {
    expect([develop, staging, production].map(read)).toEqual(expected);
  });
});

const alice = ed25519Signer().publicKey;
const token = tokenSigner().publicKey;
const good = `apiVersion: migration-gate.dev/v1alpha1
kind: MigrationPolicy
metadata:
  name: strict
spec:
  namespaces:
    names: [shop, pay]
    labels: { tier: gold }
  trust: signed
  approvers:
    - { id: alice, groups: [dba], sshKeys: ["${alice}"] }
    - id: bob
  schemaChange: warn
  hazards:
    data-loss:
      require:
        - { evidence: approval, count: 1, group: dba, within: 14d }
        - { evidence: recovery-point, anyOf: [{ backupWithin: 90s }, { backupWithin: 26h }], withoutRecovery: 1 }
    data-change: warn
    recoverability: warn
    compatibility: warn
    availability: allow
    integrity: allow
    privilege: allow
    opaque: warn
  rules:
    drop-view: allow
  rerun: deny
  images: [ghcr.io/acme/psql, "reg:5000/tools/*"]
  unknownWorkloads: deny
  workloadTemplates: enforce
  interactiveExec: deny
  injectedSidecars: [istio-proxy]
  clockSkew: 2m
`;

it("every field of a policy file arrives, ages in seconds", () => {
  expect(readPolicy(good, "strict.yaml")).toEqual({
    name: "strict",
    file: "strict.yaml",
    namespaces: { names: ["shop", "pay"], labels: { tier: "gold" } },
    trust: "signed",
    approvers: [
      { id: "alice", groups: ["dba"], sshKeys: [alice] },
      { id: "bob", groups: [], sshKeys: [] },
    ],
    schemaChange: { action: "warn" },
    hazards: {
      ...Object.fromEntries(hazards.map((hazard) => [hazard, { action: "warn" }])),
      "data-loss": {
        action: "require",
        require: [
          { evidence: "approval", count: 1, group: "dba", withinSeconds: 1_209_600 },
          {
            evidence: "recovery-point",
            arms: [
              { arm: "B", backupWithinSeconds: 90 },
              { arm: "B", backupWithinSeconds: 93_600 },
            ],
            withoutRecovery: 1,
          },
        ],
      },
      availability: { action: "allow" },
      integrity: { action: "allow" },
      privilege: { action: "allow" },
    },
    rules: { "drop-view": { action: "allow" } },
    rerun: "deny",
    images: ["ghcr.io/acme/psql", "reg:5000/tools/*"],
    unknownWorkloads: "deny",
    workloadTemplates: "enforce",
    interactiveExec: "deny",
    injectedSidecars: ["istio-proxy"],
    clockSkewSeconds: 120,
  });
});

/** Each entry: what is written instead of what, and all the messages it gives. */
const price = "it must be allow, warn, or require: with a list of evidence";
const evidence = "one of approval, recovery-point, rollback-window, rollback-owner";
const approver =
  "it must be at most 63 letters, digits, '.', '_' and '-', as it stands in the annotation approval.migration-gate.dev/<id>";
const duration = "it must be a duration like 90s, 60m, 26h or 7d";
const fields =
  "one of namespaces, trust, approvers, schemaChange, hazards, rules, rerun, images, unknownWorkloads, workloadTemplates, interactiveExec, injectedSidecars, clockSkew";
const kinds = ruleIds.toSorted().join(", ");
const allHazards = `one of ${hazards.join(", ")}`;

describe("a wrong field is named with line and allowed values", () => {
  it.each<[string, string, string, readonly string[]]>([
    [
      "another API version",
      "dev/v1alpha1",
      "dev/v2",
      ['1: apiVersion is "migration-gate.dev/v2"; it must be migration-gate.dev/v1alpha1'],
    ],
    ["another kind", "kind: MigrationPolicy", "kind: Policy", ['2: kind is "Policy"; it must be MigrationPolicy']],
    ["no kind", "kind: MigrationPolicy\n", "", ["1: kind is missing; it must be MigrationPolicy"]],
    [
      "a name that is none",
      "name: strict",
      "name: Strict!",
      ['4: metadata.name is "Strict!"; it must be a Kubernetes name: small letters, digits and dashes'],
    ],
    [
      "labels on the policy",
      "  name: strict",
      "  name: strict\n  labels: {}",
      ["5: metadata.labels is not a field; one of name"],
    ],
    [
      "a misspelt field",
      "rerun: deny",
      "rerunn: deny",
      [`5: spec.rerun is missing; one of allow, warn, deny`, `28: spec.rerunn is not a field; ${fields}`],
    ],
    [
      "no namespace selected",
      /namespaces:\n.*\n.*\n/.source,
      "namespaces: {}\n",
      [
        "6: spec.namespaces is a map; it must be names, labels or both: a namespace is selected by its name, or by having all the labels",
      ],
    ],
    [
      "an empty list of names",
      "[shop, pay]",
      "[]",
      ["7: spec.namespaces.names is a list; it must be names of namespaces"],
    ],
    [
      "a label that is no string",
      "tier: gold",
      "tier: true",
      ["8: spec.namespaces.labels.tier is true; it must be a label's value, a string"],
    ],
    [
      "trust that is unknown",
      "trust: signed",
      "trust: everyone",
      ['9: spec.trust is "everyone"; one of repository, signed'],
    ],
    [
      "trust that is not built",
      "trust: signed",
      "trust: object",
      ["9: spec.trust: object is not built yet; one of repository, signed"],
    ],
    [
      "an approver's id that no annotation can have",
      "id: bob",
      "id: bob@example.com",
      [`12: spec.approvers[1].id is "bob@example.com"; ${approver}`],
    ],
    ["an approver without an id", "- id: bob", "- groups: [dba]", [`12: spec.approvers[1].id is missing; ${approver}`]],
    [
      "an approver twice",
      "id: bob",
      "id: alice",
      ["12: spec.approvers[1].id is alice a second time; one entry a person"],
    ],
    [
      "a key twice",
      "- id: bob",
      `- { id: bob, sshKeys: ["${alice} bob"] }`,
      ["12: spec.approvers[1].sshKeys[0] is alice's key too; a key proves one person"],
    ],
    [
      "a key that is none",
      alice,
      "ssh-ed25519 AAAA",
      [
        "11: spec.approvers[0].sshKeys[0] cannot be used: it is no OpenSSH public key; it must be a line of an OpenSSH .pub file",
      ],
    ],
    [
      "a key on a security token",
      alice,
      token,
      [
        "11: spec.approvers[0].sshKeys[0] cannot be used: keys on security tokens (sk-…) are not built yet; use ed25519, ecdsa or rsa; it must be a line of an OpenSSH .pub file",
      ],
    ],
    [
      "Kubernetes users as approvers",
      "- id: bob",
      "- { id: bob, kubernetesUsers: [bob] }",
      ["12: spec.approvers[1].kubernetesUsers is not built yet; one of id, groups, sshKeys"],
    ],
    [
      "a misspelt hazard",
      "data-change: warn",
      "data-changes: warn",
      [
        `14: spec.hazards.data-change is missing; ${price}`,
        `19: spec.hazards.data-changes is not a hazard; ${allHazards}`,
      ],
    ],
    [
      "evidence for a note",
      "integrity: allow",
      "integrity: allow\n    note: { require: [{ evidence: approval, count: 1 }] }",
      ["24: spec.hazards.note is a map; one of allow, warn"],
    ],
    ["a price that is none", "integrity: allow", "integrity: deny", [`23: spec.hazards.integrity is "deny"; ${price}`]],
    ["a price that is empty", "integrity: allow", "integrity:", [`23: spec.hazards.integrity is null; ${price}`]],
    [
      "a price that is a list",
      "integrity: allow",
      "integrity: [warn]",
      [`23: spec.hazards.integrity is a list; ${price}`],
    ],
    [
      "a price that requires nothing",
      "integrity: allow",
      "integrity: { require: [] }",
      ["23: spec.hazards.integrity.require is a list; it must be at least one piece of evidence"],
    ],
    [
      "a price with a field more",
      "integrity: allow",
      "integrity: { require: [{ evidence: rollback-owner }], or: warn }",
      ["23: spec.hazards.integrity.or is not a field; one of require"],
    ],
    [
      "evidence that is unknown",
      "evidence: approval,",
      "evidence: aproval,",
      [`17: spec.hazards.data-loss.require[0].evidence is "aproval"; ${evidence}`],
    ],
    [
      "evidence without its name",
      "evidence: approval, ",
      "",
      [`17: spec.hazards.data-loss.require[0].evidence is missing; ${evidence}`],
    ],
    ...["expand-applied", "feature-flag", "app-versions", "rehearsal", "restore-drill"].map(
      (later): [string, string, string, readonly string[]] => [
        `evidence ${later}`,
        "- { evidence: approval, count: 1, group: dba, within: 14d }",
        `- { evidence: ${later} }`,
        [`17: spec.hazards.data-loss.require[0].evidence: ${later} is not built yet; ${evidence}`],
      ],
    ),
    [
      "evidence that is one word",
      "- { evidence: approval, count: 1, group: dba, within: 14d }",
      "- approval",
      ['17: spec.hazards.data-loss.require[0] is "approval"; it must be a piece of evidence'],
    ],
    [
      "no count",
      "count: 1, group",
      "group",
      ["17: spec.hazards.data-loss.require[0].count is missing; it must be a whole number from 1 to 20"],
    ],
    [
      "a count of none",
      "count: 1",
      "count: 0",
      ["17: spec.hazards.data-loss.require[0].count is 0; it must be a whole number from 1 to 20"],
    ],
    [
      "half an approval",
      "count: 1",
      "count: 1.5",
      ["17: spec.hazards.data-loss.require[0].count is 1.5; it must be a whole number from 1 to 20"],
    ],
    [
      "not the author",
      "count: 1",
      "count: 1, notAuthor: true",
      ["17: spec.hazards.data-loss.require[0].notAuthor is not built yet; one of evidence, count, group, within"],
    ],
    [
      "a group of nobody",
      "group: dba",
      "group: dbaa",
      ["17: spec.hazards.data-loss.require[0] asks for 1 approver of group dbaa; spec.approvers has 0 with an SSH key"],
    ],
    [
      "more approvers than there are",
      "count: 1",
      "count: 3",
      ["17: spec.hazards.data-loss.require[0] asks for 3 approvers of group dba; spec.approvers has 1 with an SSH key"],
    ],
    [
      "more stand-ins than can sign",
      "withoutRecovery: 1",
      "withoutRecovery: 2",
      ["18: spec.hazards.data-loss.require[1] asks for 2 approvers; spec.approvers has 1 with an SSH key"],
    ],
    [
      "live archiving",
      "{ backupWithin: 26h }",
      "{ archiving: live, backupWithin: 26h }",
      ["18: spec.hazards.data-loss.require[1].anyOf[1].archiving is not built yet; one of backupWithin"],
    ],
    [
      "a drilled restore",
      "withoutRecovery: 1",
      "drilledWithin: 30d",
      ["18: spec.hazards.data-loss.require[1].drilledWithin is not built yet; one of evidence, anyOf, withoutRecovery"],
    ],
    [
      "no arm",
      "anyOf: [{ backupWithin: 90s }, { backupWithin: 26h }]",
      "anyOf: []",
      [
        "18: spec.hazards.data-loss.require[1].anyOf is a list; it must be at least one way to prove it, like backupWithin: 60m",
      ],
    ],
    [
      "a duration in words",
      "backupWithin: 90s",
      "backupWithin: 90 seconds",
      [`18: spec.hazards.data-loss.require[1].anyOf[0].backupWithin is "90 seconds"; ${duration}`],
    ],
    [
      "a duration without a unit",
      "backupWithin: 90s",
      "backupWithin: 90",
      [`18: spec.hazards.data-loss.require[1].anyOf[0].backupWithin is 90; ${duration}`],
    ],
    [
      "a duration of nothing",
      "within: 14d",
      "within: 0d",
      [`17: spec.hazards.data-loss.require[0].within is "0d"; ${duration}`],
    ],
    [
      "a rule that does not exist",
      "drop-view: allow",
      "drop-veiw: allow",
      [`27: spec.rules.drop-veiw is not a rule; one of ${kinds}`],
    ],
    ["a rule's price that is none", "drop-view: allow", "drop-view: 1", [`27: spec.rules.drop-view is 1; ${price}`]],
    ["rerun that is unknown", "rerun: deny", "rerun: maybe", ['28: spec.rerun is "maybe"; one of allow, warn, deny']],
    [
      "an image with a tag",
      "ghcr.io/acme/psql",
      "ghcr.io/acme/psql:16",
      [
        '29: spec.images[0] is "ghcr.io/acme/psql:16"; it must be an image repository without tag or digest, like ghcr.io/acme/*',
      ],
    ],
    [
      "unknown workloads",
      "unknownWorkloads: deny",
      "unknownWorkloads: warn",
      ['30: spec.unknownWorkloads is "warn"; one of ignore, deny'],
    ],
    [
      "workload templates",
      "workloadTemplates: enforce",
      "workloadTemplates: on",
      ['31: spec.workloadTemplates is "on"; one of ignore, audit, enforce'],
    ],
    [
      "interactive exec",
      "interactiveExec: deny",
      "interactiveExec: true",
      ["32: spec.interactiveExec is true; one of allow, warn, deny"],
    ],
    [
      "sidecars as one word",
      "[istio-proxy]",
      "istio-proxy",
      ['33: spec.injectedSidecars is "istio-proxy"; it must be names of containers that others inject into Pods'],
    ],
    ["clock skew", "clockSkew: 2m", "clockSkew: 2", [`34: spec.clockSkew is 2; ${duration}`]],
    [
      "automatic checkpoints",
      "clockSkew: 2m",
      "checkpoint: automatic",
      [`34: spec.checkpoint is not built yet; ${fields}`],
    ],
    ["a break-glass list", "clockSkew: 2m", "breakGlass: [alice]", [`34: spec.breakGlass is not built yet; ${fields}`]],
    ["a key written twice", "rerun: deny", "rerun: deny\n  rerun: allow", ["29: a key is written twice"]],
    ["an anchor", "opaque: warn", "opaque: &price warn", ["25: YAML anchors and aliases are not read in a policy"]],
    ["an alias", "tier: gold", "tier: *price", ["8: YAML anchors and aliases are not read in a policy"]],
    [
      "a merge key",
      "drop-view: allow",
      "<<: { drop-view: allow }",
      [
        '27: spec.rules["<<"].require is missing; it must be at least one piece of evidence',
        '27: spec.rules["<<"].drop-view is not a field; one of require',
      ],
    ],
    [
      "a second document",
      "clockSkew: 2m",
      "clockSkew: 2m\n---\nkind: MigrationPolicy",
      ["35: a second document: one policy, one file"],
    ],
    [
      "a tag",
      "opaque: warn",
      "opaque: !!js/function warn",
      ["25: not valid YAML: Unresolved tag: tag:yaml.org,2002:js/function"],
    ],
    [
      "a prototype",
      "rules:",
      "rules:\n    __proto__: allow",
      [`27: spec.rules.__proto__ is not a rule; one of ${kinds}`],
    ],
  ])("%s", (_, find, replacement, expected) => {
    const text = find.includes("\\n")
      ? good.replace(new RegExp(find), replacement)
      : good.replace(find, () => replacement);
    expect(text).not.toBe(good);
    expect(problemsOf(text)).toEqual(expected.map((problem) => `policies/strict.yaml:${problem}`));
  });

  it.each([
    ["an empty file", "", "policies/strict.yaml:1: the file is empty"],
    ["only a comment", "# later\n", "policies/strict.yaml:1: the file is empty"],
    [
      "a list",
      "- a\n",
      "policies/strict.yaml:1: the file is a list; it must be a MigrationPolicy: what each hazard costs in the namespaces it selects",
    ],
    [
      "text",
      "hello",
      'policies/strict.yaml:1: the file is "hello"; it must be a MigrationPolicy: what each hazard costs in the namespaces it selects',
    ],
  ])("%s", (_, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });
});

function problemsOf(text: string): readonly string[] {
  try {
    readPolicy(text, "policies/strict.yaml");
  } catch (error) {
    if (error instanceof PolicyError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("which policy a namespace has", () => {
  const policies = [develop, staging, production];
  const label = (value: string) => ({ "migration-gate.dev/policy": value });
  const twin: Policy = { ...production, name: "twin", file: "policies/twin.yaml" };
  const both: Policy = { ...production, namespaces: { names: [], labels: { ...label("production"), tier: "gold" } } };

  it.each<[string, readonly Policy[], string, Readonly<Record<string, string>>, string]>([
    ["by name", policies, "production", {}, "production"],
    ["by label", policies, "shop", label("staging"), "staging"],
    ["a name goes before a label, so a label cannot lower it", policies, "production", label("develop"), "production"],
    [
      "none selects it",
      policies,
      "shop",
      { app: "shop" },
      "no policy selects namespace shop: add its name or one of its labels to a policy file",
    ],
    [
      "a label with another value",
      policies,
      "shop",
      label("prod"),
      "no policy selects namespace shop: add its name or one of its labels to a policy file",
    ],
    [
      "no policy at all",
      [],
      "shop",
      {},
      "no policy selects namespace shop: add its name or one of its labels to a policy file",
    ],
    [
      "two by name",
      [production, twin],
      "production",
      {},
      "policies production (policies/production.yaml) and twin (policies/twin.yaml) select namespace production alike: only one may",
    ],
    [
      "two by label",
      [twin, production],
      "shop",
      label("production"),
      "policies production (policies/production.yaml) and twin (policies/twin.yaml) select namespace shop alike: only one may",
    ],
    [
      "all labels are needed",
      [both],
      "shop",
      label("production"),
      "no policy selects namespace shop: add its name or one of its labels to a policy file",
    ],
    ["all labels are there", [both], "shop", { ...label("production"), tier: "gold", more: "x" }, "production"],
  ])("%s", (_, among, namespace, labels, expected) => {
    const selected = selectPolicy(among, namespace, labels);
    expect("policy" in selected ? selected.policy.name : selected.problem).toBe(expected);
  });
});
