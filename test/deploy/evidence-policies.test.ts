import { describe, expect, it } from "vitest";
import { objectsIn } from "./objects.ts";
import { evaluate, type RawRequest } from "./registrations.ts";

const pod = { "authentication.kubernetes.io/pod-name": ["app-postgres-1"] };

type Case = readonly [what: string, isAllowed: boolean, userInfo: RawRequest["userInfo"], spec?: object];

/** The attempts of a forger with the role `edit`, which were tried on a real API server, and those who must go on working. */
describe("status of Backups and Clusters may be written", () => {
  it.for<Case>([
    ["by the operator", true, user("system:serviceaccount:cnpg-system:cnpg-manager")],
    ["by an instance's own Pod", true, user("system:serviceaccount:production:app-postgres", pod)],
    ["by a person", false, user("dana")],
    ["by a person as the instance's account", false, user("system:serviceaccount:production:app-postgres")],
    ["by a token of that account that no Pod holds", false, user("system:serviceaccount:production:app-postgres", {})],
    ["by a Pod of another namespace", false, user("system:serviceaccount:shop:app-postgres", pod)],
  ])("%s: %s", ([, isAllowed, userInfo]) => {
    expect(evaluate(expressionOf("migration-gate-evidence-status"), request(userInfo, {}))).toBe(isAllowed);
  });
});

describe("a service account's token may be minted", () => {
  const bound = (kind: string) => ({ boundObjectRef: { kind, name: "a" } });
  it.for<Case>([
    ["by a kubelet for its Pod", true, user("system:node:n1", undefined, "system:nodes"), bound("Pod")],
    ["by a person for a Pod", false, user("dana"), bound("Pod")],
    ["by a person for a Secret", true, user("dana"), bound("Secret")],
    ["by a person for nothing", true, user("dana"), {}],
    ["by a person with an empty reference, as kubectl sends it", true, user("dana"), { boundObjectRef: { name: "" } }],
  ])("%s: %s", ([, isAllowed, userInfo, spec = {}]) => {
    expect(evaluate(expressionOf("migration-gate-pod-bound-tokens"), request(userInfo, spec))).toBe(isAllowed);
  });
});

function user(username: string, extra?: object, group = "system:authenticated"): RawRequest["userInfo"] {
  return { username, groups: [group], ...(extra === undefined ? {} : { extra }) };
}

function request(userInfo: RawRequest["userInfo"], spec: object): RawRequest {
  const object = { apiVersion: "v1", kind: "Any", metadata: { name: "a" }, spec };
  const resource = { group: "postgresql.cnpg.io", resource: "backups" };
  return { operation: "UPDATE", resource, namespace: "production", userInfo, object, oldObject: object };
}

function expressionOf(name: string): string {
  const policies = objectsIn("deploy/base/evidence-policies.yaml");
  const policy = policies.find(
    ({ kind, metadata }) => kind === "ValidatingAdmissionPolicy" && Object(metadata)["name"] === name,
  );
  return JSON.parse(JSON.stringify(policy)).spec.validations[0].expression;
}
