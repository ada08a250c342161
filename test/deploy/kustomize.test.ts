import { describe, expect, it } from "vitest";
import { isKustomizeResource, kustomizations, type Manifest, objectsIn } from "./objects.ts";
import { entries } from "./registrations.ts";

/** What can be said of the kustomizations without kustomize; `npm run test:deploy` builds them. */
describe("the kustomizations", () => {
  it.for(kustomizations().map((kustomization) => ({ ...kustomization })))(
    "$file names what is there",
    (kustomization) => {
      const { resources, components, patches } = kustomization;
      const generated = (path: string) => path === "deploy/certificates/bundled/ca-bundle.yaml";
      const missing = [...resources, ...components, ...patches].filter(
        (path) => !isKustomizeResource(path) && !generated(path),
      );
      expect(missing).toEqual([]);
    },
  );

  it("take every file of their folders", () => {
    const all = kustomizations();
    const base = all.find(({ folder }) => folder === "deploy/base");
    expect(base?.resources).toContain("policies");
    expect(base?.resources.length).toBeGreaterThan(10);
  });
});

describe("the overlay audit", () => {
  it("turns exactly the entries that fail closed into ones that fail open", () => {
    const patched = ["validating", "mutating"].flatMap((kind) =>
      webhooksOf(objectsIn(`deploy/overlays/audit/${kind}-webhook.yaml`)),
    );
    const failing = entries.filter(({ failurePolicy }) => failurePolicy === "Fail");
    expect(patched.map(({ name }) => name.replace(".migration-gate.dev", "")).toSorted()).toEqual(
      failing.map(({ name }) => name).toSorted(),
    );
    for (const { name, failurePolicy, clientConfig } of patched) {
      const entry = failing.find((each) => `${each.name}.migration-gate.dev` === name);
      expect(failurePolicy).toBe("Ignore");
      expect(clientConfig.service.path).toBe(`/${entry?.endpoint}/fail-open`);
    }
  });

  it("lets the evidence policies warn, and no more", () => {
    const bindings = objectsIn("deploy/overlays/audit/evidence-policies.yaml");
    const base = objectsIn("deploy/base/evidence-policies.yaml").filter(
      ({ kind }) => kind === "ValidatingAdmissionPolicyBinding",
    );
    expect(bindings.map(({ metadata }) => metadata)).toEqual(base.map(({ metadata }) => metadata));
    expect(bindings.map(({ spec }) => spec)).toEqual(bindings.map(() => ({ validationActions: ["Warn", "Audit"] })));
  });
});

describe("the certificate by cert-manager", () => {
  it("is the one the Deployment mounts, for the names the API server calls", () => {
    const certificate = objectsIn("deploy/certificates/cert-manager/certificates.yaml").at(-1);
    expect(certificate).toMatchObject({
      metadata: { name: "migration-gate-tls", namespace: "migration-gate" },
      spec: {
        secretName: "migration-gate-tls",
        dnsNames: ["migration-gate.migration-gate.svc", "migration-gate.migration-gate.svc.cluster.local"],
      },
    });
    const injected = JSON.stringify(objectsIn("deploy/certificates/cert-manager/kustomization.yaml"));
    expect(injected).toContain("cert-manager.io/inject-ca-from: migration-gate/migration-gate-tls");
    expect(JSON.stringify(objectsIn("deploy/base/deployment.yaml"))).toContain('"secretName":"migration-gate-tls"');
  });
});

interface Patched {
  readonly name: string;
  readonly failurePolicy: string;
  readonly clientConfig: { readonly service: { readonly path: string } };
}

function webhooksOf([configuration]: readonly Manifest[]): readonly Patched[] {
  return JSON.parse(JSON.stringify(configuration?.["webhooks"]));
}
