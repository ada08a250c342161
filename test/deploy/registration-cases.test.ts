import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../src/model/kubernetes.ts";
import { recordedReviews } from "../golden/recording.ts";
import { type RawRequest, sentTo } from "./registrations.ts";

type Change = (request: RawRequest) => Partial<RawRequest>;
type Case = readonly [
  what: string,
  review: string,
  change: Change,
  sent: readonly string[],
  where?: { readonly mode?: string; readonly endpoint?: string },
];

/** What was not recorded, made of what was: a recorded review with one thing changed. */
describe("a request is sent", () => {
  it.for<Case>([
    [
      "a Pod of a run, where all controllers are one account",
      "0044",
      by("system:kube-controller-manager"),
      ["enforced-runs"],
    ],
    ["a Pod with CNPG's label that runs psql", "0008", onPod(containers("psql")), ["enforced-runs"]],
    [
      "a Pod with CNPG's label and an init container that runs sh",
      "0008",
      onPod(initContainers("sh")),
      ["enforced-runs"],
    ],
    [
      "a Pod with CNPG's label that reads a ConfigMap",
      "0008",
      onPod(volume({ configMap: { name: "sql" } })),
      ["enforced-runs"],
    ],
    ["the same by a projected volume", "0008", onPod(volume(projected("sql"))), ["enforced-runs"]],
    ["the operator's Job without a Cluster as owner", "0007", withMetadata({ ownerReferences: [] }), ["enforced-runs"]],
    ["a Pod that gets another image", "0027", onPod(otherImage), ["enforced-runs"]],
    ["an ephemeral container", "0027", () => ({ subResource: "ephemeralcontainers" }), ["enforced-runs"]],
    ["kubectl exec", "0027", exec, ["enforced-runs"]],
    ["a Job whose parallelism is lifted from 0", "0094", parallelism, ["enforced-runs"]],
    [
      "a Backup deleted under an instance's account, without its Pod",
      "0149",
      by("system:serviceaccount:production:app-postgres"),
      ["enforced-clusters"],
    ],
    ["a Backup deleted by another Pod of the namespace", "0149", byPodOf("backend"), ["enforced-clusters"]],
    ["a volume that loses CNPG's labels", "0011", person(withMetadata({ labels: {} })), ["enforced-clusters"]],
    [
      "a Cluster that gets an owner",
      "0118",
      withMetadata({ ownerReferences: [owner("ConfigMap")] }),
      ["enforced-clusters"],
    ],
    ["a Namespace that loses its label", "0153", relabelled({}), ["enforced-namespaces"]],
    [
      "a Namespace that goes from enforce to audit",
      "0153",
      relabelled({ "migration-gate.dev/mode": "audit" }),
      ["enforced-namespaces"],
    ],
    ["the deletion of the CRD of Clusters", "0148", crd("clusters.postgresql.cnpg.io"), ["crds"], { mode: "" }],
    ["a Deployment with another template", "0025", workload({ template: 1 }, { template: 2 }), ["best-effort"]],
    ["a ReplicaSet of nobody", "0025", replicaSet([]), ["best-effort"]],
    ["a Job where the mode is misspelt", "0041", same, ["enforced-runs", "unlabelled-runs"], { mode: "enforced" }],
    ["a Job where the mode is off", "0041", same, ["unlabelled-runs"], { mode: "off" }],
  ])("%s", sends);
});

describe("a request is not sent", () => {
  it.for<Case>([
    ["in an emergency", "0041", inGroup("migration-gate:emergency"), []],
    ["in an emergency, when a Namespace is deleted", "0153", inGroup("migration-gate:emergency"), []],
    ["in kube-system, whatever its label", "0041", () => ({ namespace: "kube-system" }), []],
    ["in flux-system, unlabelled", "0041", () => ({ namespace: "flux-system" }), [], { mode: "" }],
    ["when the scheduler chooses a node for a volume", "0009", by("system:kube-scheduler"), []],
    ["when a StatefulSet's volume is deleted", "0151", ofNoDatabase, []],
    ["when an instance manager deletes a Backup it no longer keeps", "0149", byPodOf("app-postgres"), []],
    [
      "when the garbage collector orphans a Backup",
      "0118",
      by("system:serviceaccount:kube-system:generic-garbage-collector"),
      [],
    ],
    ["when a Cluster that is going is deleted again", "0148", going, []],
    ["when only finalizers change", "0118", finalizers, []],
    ["for a ReplicaSet's Pod", "0044", by("system:serviceaccount:kube-system:replicaset-controller"), []],
    ["for a Deployment's ReplicaSet", "0025", replicaSet([owner("Deployment")]), []],
    ["when a Deployment is scaled", "0025", workload({ replicas: 1 }, { replicas: 2 }), []],
    ["when a ConfigMap's annotations change", "0116", withMetadata({ annotations: { leader: "b" } }, sameData), []],
    ["when a Namespace gets an annotation", "0153", annotated, []],
    ["when a CRD of others is deleted", "0148", crd("certificates.cert-manager.io"), [], { mode: "" }],
  ])("%s", sends);
});

function sends([, number, change, sent, { mode = "enforce", endpoint = "validate" } = {}]: Case): void {
  const found = recordedReviews().find(({ file }) => file.startsWith(number));
  const request: RawRequest = JSON.parse(JSON.stringify(found?.body.request));
  expect(sentTo({ endpoint, mode, request: { ...request, ...change(request) } })).toEqual(sent);
}

function same(): Partial<RawRequest> {
  return {};
}

function by(username: string, extra?: Readonly<Record<string, readonly string[]>>): Change {
  return () => ({
    userInfo: { username, groups: ["system:authenticated"], ...(extra === undefined ? {} : { extra }) },
  });
}

function byPodOf(account: string): Change {
  return by(`system:serviceaccount:production:${account}`, {
    "authentication.kubernetes.io/pod-name": [`${account}-1`],
  });
}

function person(change: Change): Change {
  return (request) => ({ ...change(request), ...by("dana")(request) });
}

function inGroup(group: string): Change {
  return ({ userInfo }) => ({ userInfo: { ...userInfo, groups: [...(userInfo.groups ?? []), group] } });
}

/** The object with other metadata; `rest` changes what it was before and is now alike. */
function withMetadata(
  metadata: object,
  rest: (object: KubernetesObject) => KubernetesObject = (object) => object,
): Change {
  return ({ object, oldObject }) => {
    const before = oldObject === null ? null : rest(oldObject);
    const after = rest(present(object));
    return { oldObject: before, object: { ...after, metadata: { ...after.metadata, ...metadata } } };
  };
}

function sameData(object: KubernetesObject): KubernetesObject {
  return { ...object, data: { key: "value" } };
}

type Spec = Readonly<Record<string, unknown>>;

function onPod(change: (spec: Spec) => Spec): Change {
  return ({ object }) => ({ object: { ...present(object), spec: { ...change(specOf(present(object))) } } });
}

function containers(program: string): (spec: Spec) => Spec {
  return (spec) => ({ ...spec, containers: [{ name: "c", image: "postgres", command: [program] }] });
}

function initContainers(program: string): (spec: Spec) => Spec {
  return (spec) => ({ ...spec, initContainers: [{ name: "i", image: "postgres", command: [program, "-c", "psql"] }] });
}

function volume(source: object): (spec: Spec) => Spec {
  return (spec) => ({ ...spec, volumes: [{ name: "v", ...source }] });
}

function projected(name: string) {
  return { projected: { sources: [{ serviceAccountToken: {} }, { configMap: { name } }] } };
}

function otherImage(spec: Spec): Spec {
  return { ...spec, containers: [{ name: "c", image: "another" }] };
}

function exec({ object: _, ...request }: RawRequest): Partial<RawRequest> {
  const options = {
    apiVersion: "v1",
    kind: "PodExecOptions",
    metadata: { name: "" },
    command: ["psql"],
    container: "postgres",
  };
  return { ...request, operation: "CONNECT", subResource: "exec", object: options, oldObject: null };
}

function parallelism({ object, oldObject }: RawRequest): Partial<RawRequest> {
  const withParallelism = (job: KubernetesObject | null, parallelism: number) => {
    return { ...present(job), spec: { ...specOf(present(job)), parallelism } };
  };
  return { oldObject: withParallelism(oldObject, 0), object: withParallelism(object, 1) };
}

function owner(kind: string) {
  return { apiVersion: "apps/v1", kind, name: "o", uid: "1", controller: true };
}

function relabelled(labels: Readonly<Record<string, string>>): Change {
  return ({ oldObject }) => {
    const before = present(oldObject);
    return { operation: "UPDATE", object: { ...before, metadata: { ...before.metadata, labels } } };
  };
}

function annotated({ oldObject }: RawRequest): Partial<RawRequest> {
  const before = present(oldObject);
  return { operation: "UPDATE", object: { ...before, metadata: { ...before.metadata, annotations: { team: "a" } } } };
}

function crd(name: string): Change {
  return ({ oldObject }) => ({
    resource: { group: "apiextensions.k8s.io", resource: "customresourcedefinitions" },
    name,
    namespace: "",
    oldObject: { ...present(oldObject), kind: "CustomResourceDefinition" },
  });
}

function workload(before: Spec, after: Spec): Change {
  return ({ object }) => ({
    operation: "UPDATE",
    resource: { group: "apps", resource: "deployments" },
    object: { ...present(object), spec: { template: 1, ...after } },
    oldObject: { ...present(object), spec: { template: 1, ...before } },
  });
}

function replicaSet(ownerReferences: readonly ReturnType<typeof owner>[]): Change {
  return ({ object }) => ({
    resource: { group: "apps", resource: "replicasets" },
    object: { ...present(object), metadata: { ...present(object).metadata, ownerReferences } },
  });
}

function ofNoDatabase({ oldObject }: RawRequest): Partial<RawRequest> {
  return { oldObject: { ...present(oldObject), metadata: { name: "data-app-0", labels: { app: "app" } } } };
}

function going({ oldObject }: RawRequest): Partial<RawRequest> {
  const before = present(oldObject);
  return { oldObject: { ...before, metadata: { ...before.metadata, deletionTimestamp: "2026-11-24T00:00:00Z" } } };
}

function finalizers({ oldObject }: RawRequest): Partial<RawRequest> {
  const before = present(oldObject);
  return { object: { ...before, metadata: { ...before.metadata, finalizers: [] } } };
}

function specOf(object: KubernetesObject): Spec {
  const spec = object["spec"];
  return typeof spec === "object" && spec !== null ? { ...spec } : {};
}

function present(object: KubernetesObject | null): KubernetesObject {
  if (object === null) throw new Error("the recorded review has no such object");
  return object;
}
