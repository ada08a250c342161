import type { KubernetesObject } from "../../src/model/kubernetes.ts";
import type { RawRequest } from "./registrations.ts";

/** What is different from the recorded request. */
export type Change = (request: RawRequest) => Partial<RawRequest>;

export function same(): Partial<RawRequest> {
  return {};
}

export function by(username: string, extra?: Readonly<Record<string, readonly string[]>>): Change {
  return () => ({
    userInfo: { username, groups: ["system:authenticated"], ...(extra === undefined ? {} : { extra }) },
  });
}

export function byPodOf(account: string): Change {
  return by(`system:serviceaccount:production:${account}`, {
    "authentication.kubernetes.io/pod-name": [`${account}-1`],
  });
}

export function person(change: Change): Change {
  return (request) => ({ ...change(request), ...by("dana")(request) });
}

export function inGroup(group: string): Change {
  return ({ userInfo }) => ({ userInfo: { ...userInfo, groups: [...(userInfo.groups ?? []), group] } });
}

/** The object with other metadata; `rest` changes what it was before and is now alike. */
export function withMetadata(
  metadata: object,
  rest: (object: KubernetesObject) => KubernetesObject = (object) => object,
): Change {
  return ({ object, oldObject }) => {
    const before = oldObject === null ? null : rest(oldObject);
    const after = rest(present(object));
    return { oldObject: before, object: { ...after, metadata: { ...after.metadata, ...metadata } } };
  };
}

export function sameData(object: KubernetesObject): KubernetesObject {
  return { ...object, data: { key: "value" } };
}

type Spec = Readonly<Record<string, unknown>>;

export function onPod(change: (spec: Spec) => Spec): Change {
  return ({ object }) => ({ object: { ...present(object), spec: { ...change(specOf(present(object))) } } });
}

export function containers(program: string): (spec: Spec) => Spec {
  return (spec) => ({ ...spec, containers: [{ name: "c", image: "postgres", command: [program] }] });
}

export function initContainers(program: string): (spec: Spec) => Spec {
  return (spec) => ({ ...spec, initContainers: [{ name: "i", image: "postgres", command: [program, "-c", "psql"] }] });
}

export function volume(source: object): (spec: Spec) => Spec {
  return (spec) => ({ ...spec, volumes: [{ name: "v", ...source }] });
}

export function projected(name: string) {
  return { projected: { sources: [{ serviceAccountToken: {} }, { configMap: { name } }] } };
}

export function otherImage(spec: Spec): Spec {
  return { ...spec, containers: [{ name: "c", image: "another" }] };
}

export function exec(program: string, username = "dana"): Change {
  return ({ object: _, ...request }) => {
    const options = {
      apiVersion: "v1",
      kind: "PodExecOptions",
      metadata: { name: "" },
      command: [program, "backup", "before-1-4-0"],
      container: "postgres",
    };
    const user = by(username)({ ...request, object: null });
    return { ...request, ...user, operation: "CONNECT", subResource: "exec", object: options, oldObject: null };
  };
}

/** A Pod waited for another controller's leave, and now has it. */
export function ungated({ oldObject }: RawRequest): Partial<RawRequest> {
  const before = present(oldObject);
  return { oldObject: { ...before, spec: { ...specOf(before), schedulingGates: [{ name: "example.com/wait" }] } } };
}

export function parallelism({ object, oldObject }: RawRequest): Partial<RawRequest> {
  const withParallelism = (job: KubernetesObject | null, parallelism: number) => {
    return { ...present(job), spec: { ...specOf(present(job)), parallelism } };
  };
  return { oldObject: withParallelism(oldObject, 0), object: withParallelism(object, 1) };
}

export function owner(kind: string) {
  return { apiVersion: "apps/v1", kind, name: "o", uid: "1", controller: true };
}

export function relabelled(labels: Readonly<Record<string, string>>): Change {
  return ({ oldObject }) => {
    const before = present(oldObject);
    return { operation: "UPDATE", object: { ...before, metadata: { ...before.metadata, labels } } };
  };
}

export function annotated({ oldObject }: RawRequest): Partial<RawRequest> {
  const before = present(oldObject);
  return { operation: "UPDATE", object: { ...before, metadata: { ...before.metadata, annotations: { team: "a" } } } };
}

export function crd(name: string): Change {
  return ({ oldObject }) => ({
    resource: { group: "apiextensions.k8s.io", resource: "customresourcedefinitions" },
    name,
    namespace: "",
    oldObject: { ...present(oldObject), kind: "CustomResourceDefinition" },
  });
}

export function workload(before: Spec, after: Spec): Change {
  return ({ object }) => ({
    operation: "UPDATE",
    resource: { group: "apps", resource: "deployments" },
    object: { ...present(object), spec: { template: 1, ...after } },
    oldObject: { ...present(object), spec: { template: 1, ...before } },
  });
}

/** Somebody makes an object's volume smaller. */
export function shrunk({ object }: RawRequest): Partial<RawRequest> {
  const { storage, ...spec } = specOf(present(object));
  return {
    oldObject: { ...present(object), spec: { ...spec, storage } },
    object: { ...present(object), spec: { ...spec, storage: { size: "1Mi" } } },
  };
}

export function replicaSet(ownerReferences: readonly ReturnType<typeof owner>[]): Change {
  return ({ object }) => ({
    resource: { group: "apps", resource: "replicasets" },
    object: { ...present(object), metadata: { ...present(object).metadata, ownerReferences } },
  });
}

export function ofNoDatabase({ oldObject }: RawRequest): Partial<RawRequest> {
  return { oldObject: { ...present(oldObject), metadata: { name: "data-app-0", labels: { app: "app" } } } };
}

export function going({ oldObject }: RawRequest): Partial<RawRequest> {
  const before = present(oldObject);
  return { oldObject: { ...before, metadata: { ...before.metadata, deletionTimestamp: "2026-11-24T00:00:00Z" } } };
}

export function finalizers({ oldObject }: RawRequest): Partial<RawRequest> {
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
