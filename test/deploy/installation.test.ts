import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { requiredAccess } from "../../src/adapters/kubernetes.ts";
import { listMetrics } from "../../src/adapters/metrics.ts";
import { loadPolicies } from "../../src/adapters/policy-files.ts";
import { listSettings, readConfig } from "../../src/config.ts";
import { readPolicy } from "../../src/policy.ts";
import { type Manifest, objectsIn, writtenUnder } from "./objects.ts";

const root = join(import.meta.dirname, "../..");

describe("what runs", () => {
  it("may read exactly what the code asks for, and no Secret", () => {
    const [role] = objectsIn("deploy/base/rbac.yaml");
    const rules: readonly {
      readonly apiGroups: readonly string[];
      readonly resources: readonly string[];
      readonly verbs: readonly string[];
    }[] = JSON.parse(JSON.stringify(role?.["rules"]));
    const granted = rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) => rights(group, resources, verbs)),
    );
    const required = requiredAccess.flatMap(({ apiGroup, resources, verbs }) => rights(apiGroup, resources, verbs));
    expect(granted.toSorted()).toEqual(required.toSorted());
    expect(granted.join("\n")).not.toContain("secrets");
  });

  it("starts with flags and variables that the gate knows, on the ports and files that are mounted", async () => {
    const container = gateContainer();
    const environment = Object.fromEntries(container.env.map(({ name, value }) => [name, value ?? "migration-gate"]));
    const known = new Set(listSettings().map((setting) => setting.environment));
    expect(Object.keys(environment).filter((name) => !known.has(name))).toEqual([]);
    const [command, ...flags] = container.args;
    const config = await readConfig(flags, environment);
    expect(command).toBe("serve");
    expect(container.ports).toEqual([
      { name: "webhook", containerPort: config.port },
      { name: "metrics", containerPort: config.metricsPort },
    ]);
    expect(container.volumeMounts.map(({ mountPath }) => mountPath).toSorted()).toEqual(
      [config.policies, config.tls].toSorted(),
    );
  });

  it("is restricted: no root, no writing, no privileges", () => {
    const [deployment] = objectsIn("deploy/base/deployment.yaml");
    expect(deployment).toMatchObject({
      spec: {
        template: {
          spec: {
            securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
          },
        },
      },
    });
    expect(gateContainer().securityContext).toEqual({
      ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
    });
  });

  it("has five minutes to start before it is taken for dead", () => {
    const { startupProbe, livenessProbe } = gateContainer();
    expect(startupProbe.httpGet).toEqual(livenessProbe.httpGet);
    expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBe(300);
  });

  it("finds its policies in the ConfigMap", async () => {
    const [kustomization] = objectsIn("policies/Kustomization");
    const files: unknown = JSON.parse(JSON.stringify(kustomization))["configMapGenerator"][0].files;
    const { policies } = await loadPolicies(join(root, "policies"), readPolicy);
    expect(policies.map(({ name }) => `${name}.yaml`).toSorted()).toEqual(
      Array.isArray(files) ? files.toSorted() : files,
    );
  });

  it("alerts on metrics that exist", () => {
    const known = listMetrics().map(({ name }) => name);
    const [rule] = objectsIn("deploy/monitoring/prometheus-rule.yaml");
    const named = JSON.stringify(rule).match(/migration_gate_[a-z_]+/g) ?? [];
    expect(named.length).toBeGreaterThan(4);
    expect(
      named.map((name) => name.replace(/_(bucket|count|sum)$/, "")).filter((name) => !known.includes(name)),
    ).toEqual([]);
  });
});

describe("the evidence policies", () => {
  it("deny with Forbidden, never with the 422 that makes Flux delete", () => {
    const policies = writtenUnder("deploy/base").filter(({ object }) => object["kind"] === "ValidatingAdmissionPolicy");
    const validations = policies.flatMap(({ object }) => validationsOf(object));
    expect(validations.map(({ reason }) => reason)).toEqual(["Forbidden", "Forbidden", "Forbidden"]);
    expect(validations.map(({ message }) => message).join()).not.toMatch(/is\simmutable|immutable\sfield/);
  });
});

function rights(group: string, resources: readonly string[], verbs: readonly string[]): readonly string[] {
  return resources.flatMap((resource) => verbs.map((verb) => `${group}/${resource} ${verb}`));
}

interface Validation {
  readonly reason: string;
  readonly message: string;
}

function validationsOf(policy: Manifest): readonly Validation[] {
  const spec: { readonly validations: readonly Validation[] } = JSON.parse(JSON.stringify(policy["spec"]));
  return spec.validations;
}

interface Probe {
  readonly httpGet: object;
}

function gateContainer(): {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly ports: readonly object[];
  readonly volumeMounts: readonly { readonly mountPath: string }[];
  readonly securityContext: object;
  readonly startupProbe: Probe & { readonly periodSeconds: number; readonly failureThreshold: number };
  readonly livenessProbe: Probe;
} {
  const [deployment] = objectsIn("deploy/base/deployment.yaml");
  return JSON.parse(JSON.stringify(deployment)).spec.template.spec.containers[0];
}
