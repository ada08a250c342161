import { describe, expect, it } from "vitest";
import { changes } from "../../src/changes/index.ts";
import { listSettings } from "../../src/config.ts";
import { emergencyGroup, identify } from "../../src/gate/identify.ts";
import type { AdmissionRequest } from "../../src/model/kubernetes.ts";
import { sources } from "../../src/sources/index.ts";
import { type Manifest, objectsIn } from "./objects.ts";
import { type Entry, entries } from "./registrations.ts";

const changeResources = new Set(changes.flatMap(({ resources }) => resources));
const registered = new Set(entries.filter(({ name }) => !name.includes("audited")).flatMap(asked));

describe("the registrations agree with the code", () => {
  it("every registered resource and operation has a route or a change", () => {
    const unknown = [...registered].filter((pair) => identifies(pair) === "unidentified");
    expect(unknown).toEqual([]);
  });

  it("every cluster change is asked for, with each of its operations that can reach an object", () => {
    const wanted = changes.flatMap(({ resources, operations }) =>
      resources.flatMap((resource) => operations.map((operation) => `${operation} ${resource}`)),
    );
    // a scale has no DELETE, and the API server takes no CREATE of one
    expect(wanted.filter((pair) => !registered.has(pair))).toEqual([]);
  });

  it("every object that carries SQL is asked for when it is made", () => {
    expect(sources.map(({ resource }) => `CREATE ${resource}`).filter((pair) => !registered.has(pair))).toEqual([]);
  });

  it("exempt namespaces are those of the configuration, and the gate's own", () => {
    const exempt = [...defaults("exemptNamespaces"), ...defaults("namespace")].toSorted();
    const selected = entries.flatMap(({ namespaceSelector }) => namespaceSelector?.matchExpressions ?? []);
    const named = selected.filter(({ key }) => key === "kubernetes.io/metadata.name");
    expect(named.map(({ values }) => values?.toSorted())).toEqual(named.map(() => exempt));
    const unselected = entries.filter(
      ({ namespaceSelector, name }) => namespaceSelector === undefined && name !== "crds",
    );
    const conditions = unselected.map(({ matchConditions }) =>
      matchConditions.find(({ name }) => name === "not-exempt"),
    );
    expect(conditions.map((condition) => quoted(condition?.expression ?? "").toSorted())).toEqual([exempt, exempt]);
  });

  it("operator accounts are those of the configuration, wherever they are named", () => {
    const accounts = defaults("operatorAccounts").toSorted();
    const expressions = [...entries.flatMap(({ matchConditions }) => matchConditions), ...evidenceExpressions()];
    const naming = expressions.filter(({ expression }) => expression.includes("cnpg-system:"));
    expect(naming.length).toBeGreaterThan(5);
    for (const { expression } of naming) {
      expect(
        quoted(expression)
          .filter((text) => text.includes("cnpg-system:"))
          .toSorted(),
      ).toEqual(accounts);
    }
  });

  it("the emergency group is the code's, in every entry and in the role that lets it be worn", () => {
    const expression = `!('${emergencyGroup}' in request.userInfo.groups)`;
    expect(entries.filter(({ matchConditions }) => matchConditions[0]?.expression !== expression)).toEqual([]);
    expect(JSON.stringify(objectsIn("deploy/base/emergency.yaml"))).toContain(`"resourceNames":["${emergencyGroup}"]`);
  });
});

describe("every entry", () => {
  it.for(entries.map((entry) => ({ ...entry })))("$name is careful", (entry) => {
    const failsOpen = entry.failurePolicy === "Ignore";
    expect(["Fail", "Ignore"]).toContain(entry.failurePolicy);
    expect(entry.clientConfig.service).toEqual({
      name: "migration-gate",
      namespace: "migration-gate",
      path: failsOpen ? `/${entry.endpoint}/fail-open` : `/${entry.endpoint}`,
    });
    expect(entry).toMatchObject({ sideEffects: "None", admissionReviewVersions: ["v1"], matchPolicy: "Equivalent" });
    expect(entry.timeoutSeconds).toBeLessThanOrEqual(5);
    expect(entry.timeoutSeconds * 1000).toBeGreaterThan(Number(defaults("deadlineMs")[0]));
    expect(entry.reinvocationPolicy).toBe(entry.endpoint === "mutate" ? "Never" : undefined);
  });

  it("has its own name, and conditions of one name say one thing", () => {
    expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
    const said = new Map<string, Set<string>>();
    for (const { name, expression } of entries.flatMap(({ matchConditions }) => matchConditions)) {
      said.set(name, (said.get(name) ?? new Set()).add(expression));
    }
    expect([...said].filter(([, expressions]) => expressions.size > 1)).toEqual([]);
  });
});

function asked({ rules }: Entry): readonly string[] {
  return rules.flatMap(({ apiGroups, resources, operations }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        operations.map((operation) => `${operation} ${group === "" ? "core" : group}/${resource}`),
      ),
    ),
  );
}

/** What the code makes of a request that has nothing but its resource, operation and objects. */
function identifies(pair: string): string {
  const [operation = "", path = ""] = pair.split(" ");
  const [group = "", resource = "", subResource = ""] = path.split("/");
  const object = { apiVersion: "v1", kind: "Any", metadata: { name: "a", namespace: "production" }, spec: {} };
  const request: AdmissionRequest = JSON.parse(
    JSON.stringify({
      ...{ uid: "1", operation, subResource, name: "a", namespace: "production", dryRun: false, endpoint: "validate" },
      ...{
        kind: { group, version: "v1", kind: "Any" },
        resource: { group: group === "core" ? "" : group, version: "v1", resource },
      },
      ...{ userInfo: { username: "ann", groups: [] }, options: null },
      ...{ object: operation === "DELETE" ? null : object, oldObject: operation === "CREATE" ? null : object },
    }),
  );
  const settings = { operatorAccounts: [], exemptNamespaces: [], clusterDomain: "cluster.local" };
  return identify(request, settings, changeResources).kind;
}

function defaults(name: string): readonly string[] {
  const setting = listSettings().find((each) => each.name === name);
  if (setting === undefined) throw new Error(`no setting ${name}`);
  return setting.default.split(",");
}

function quoted(expression: string): readonly string[] {
  return [...expression.matchAll(/'([^']*)'/g)].map(([, text = ""]) => text);
}

interface Validation {
  readonly expression: string;
}

function validationsOf(policy: Manifest): readonly Validation[] {
  const spec: { readonly validations: readonly Validation[] } = JSON.parse(JSON.stringify(policy["spec"]));
  return spec.validations;
}

function evidenceExpressions(): readonly Validation[] {
  const policies = objectsIn("deploy/base/evidence-policies.yaml");
  return policies.filter(({ kind }) => kind === "ValidatingAdmissionPolicy").flatMap(validationsOf);
}
