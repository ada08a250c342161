import { type Hazard, hazards } from "../model/sql.ts";

/** What a policy file may say, before ages are counted in seconds. The schema below is its proof. */
export interface PolicyFile {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly namespaces: { readonly names?: readonly string[]; readonly labels?: Readonly<Record<string, string>> };
    readonly trust: "repository" | "signed";
    readonly approvers: readonly {
      readonly id: string;
      readonly groups?: readonly string[];
      readonly sshKeys?: readonly string[];
    }[];
    readonly schemaChange: PriceText;
    readonly hazards: Readonly<Record<PricedHazard, PriceText>> & { readonly note?: "allow" | "warn" };
    readonly rules?: Readonly<Record<string, PriceText>>;
    readonly rerun: "allow" | "warn" | "deny";
    readonly images?: readonly string[];
    readonly unknownWorkloads?: "ignore" | "deny";
    readonly workloadTemplates?: "ignore" | "audit" | "enforce";
    readonly interactiveExec?: "allow" | "warn" | "deny";
    readonly injectedSidecars?: readonly string[];
    readonly clockSkew?: string;
  };
}

/** A note asks for nothing, ever: it warns, or is not even said. */
type PricedHazard = Exclude<Hazard, "note">;
const pricedHazards = hazards.filter((hazard): hazard is PricedHazard => hazard !== "note");

export type PriceText = "allow" | "warn" | { readonly require: readonly RequirementText[] };

export type RequirementText =
  | { readonly evidence: "approval"; readonly count: number; readonly group?: string; readonly within?: string }
  | {
      readonly evidence: "recovery-point";
      readonly anyOf: readonly { readonly backupWithin: string }[];
      readonly withoutRecovery?: number;
    }
  | { readonly evidence: "rollback-window" }
  | { readonly evidence: "rollback-owner" };

const object = (
  description: string,
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[] = [],
) => ({ description, type: "object", additionalProperties: false, required, properties });
const list = (description: string, items: unknown, minItems = 0) => ({ description, type: "array", items, minItems });
const text = (description: string, pattern: string) => ({ description, type: "string", pattern });
const choice = (description: string, ...values: readonly string[]) => ({ description, enum: values });

const duration = text("a duration like 90s, 60m, 26h or 7d", "^[1-9][0-9]{0,5}[smhd]$");
const count = { description: "a whole number from 1 to 20", type: "integer", minimum: 1, maximum: 20 };
const name = text("a Kubernetes name: small letters, digits and dashes", "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$");
/** The part of an annotation's name after the slash, so the API server's own rule for it. */
const approverId = text(
  "at most 63 letters, digits, '.', '_' and '-', as it stands in the annotation approval.migration-gate.dev/<id>",
  "^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$",
);
const group = text("a group of approvers: letters, digits, '.', '_' and '-'", "^[A-Za-z0-9][-A-Za-z0-9_.]{0,62}$");
const line = text("text on one line", "^[^\\r\\n]+$");
const price = { $ref: "#/definitions/price" };

/** JSON Schema (draft-07) of policy files; `policies/policy.schema.json` is its print, for editors. */
export const policySchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "MigrationPolicy",
  ...object(
    "a MigrationPolicy: what each hazard costs in the namespaces it selects",
    {
      apiVersion: choice("the version of this format", "migration-gate.dev/v1alpha1"),
      kind: choice("the kind of this file", "MigrationPolicy"),
      metadata: object("the policy's name", { name }, ["name"]),
      spec: object(
        "the policy itself",
        {
          namespaces: {
            ...object("names, labels or both: a namespace is selected by its name, or by having all the labels", {
              names: list("names of namespaces", name, 1),
              labels: {
                description: "labels and their values (strings: quote true, 1 and the like)",
                type: "object",
                minProperties: 1,
                additionalProperties: { description: "a label's value, a string", type: "string" },
              },
            }),
            minProperties: 1,
          },
          trust: choice("what an approval must prove", "repository", "signed"),
          approvers: list(
            "who may approve",
            object(
              "an approver",
              {
                id: approverId,
                groups: list("groups the approver is in", group),
                sshKeys: list("OpenSSH public keys, as in id_ed25519.pub", line),
              },
              ["id"],
            ),
          ),
          schemaChange: price,
          hazards: object(
            "a price for every hazard",
            {
              ...Object.fromEntries(pricedHazards.map((hazard) => [hazard, price])),
              note: choice("things worth knowing that do no harm; warn unless written", "allow", "warn"),
            },
            pricedHazards,
          ),
          rules: {
            description: "prices of single rules, changes and kinds of opaque steps, before their hazard's",
            type: "object",
            additionalProperties: price,
          },
          rerun: choice("a priced run that Flux would start again at every sync", "allow", "warn", "deny"),
          images: list(
            "image repositories whose client reads SQL as written, * for any part, no tag",
            text("an image repository without tag or digest, like ghcr.io/acme/*", "^[^\\s:@]+(:[0-9]+/[^\\s:@]+)?$"),
          ),
          unknownWorkloads: choice("Jobs that reach a database by an unknown program", "ignore", "deny"),
          workloadTemplates: choice("Deployments and the like that migrate", "ignore", "audit", "enforce"),
          interactiveExec: choice("a shell or client in a database Pod", "allow", "warn", "deny"),
          injectedSidecars: list("names of containers that others inject into Pods", name),
          clockSkew: duration,
        },
        ["namespaces", "trust", "approvers", "schemaChange", "hazards", "rerun"],
      ),
    },
    ["apiVersion", "kind", "metadata", "spec"],
  ),
  definitions: {
    price: {
      description: "allow, warn, or require: with a list of evidence",
      if: { type: "object" },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own keyword
      then: object("a price in evidence", { require: list("at least one piece of evidence", requirement(), 1) }, [
        "require",
      ]),
      else: text("allow, warn, or require: with a list of evidence", "^(allow|warn)$"),
    },
  },
};

function requirement(): unknown {
  const evidence = (id: string, properties: Readonly<Record<string, unknown>>, required: readonly string[]) =>
    object(`evidence ${id}`, { evidence: { const: id }, ...properties }, ["evidence", ...required]);
  return {
    description: "a piece of evidence",
    type: "object",
    discriminator: { propertyName: "evidence" },
    oneOf: [
      evidence("approval", { count, group, within: duration }, ["count"]),
      evidence(
        "recovery-point",
        {
          anyOf: list(
            "at least one way to prove it, like backupWithin: 60m",
            object("one way to prove a recovery point", { backupWithin: duration }, ["backupWithin"]),
            1,
          ),
          withoutRecovery: count,
        },
        ["anyOf"],
      ),
      evidence("rollback-window", {}, []),
      evidence("rollback-owner", {}, []),
    ],
  };
}
