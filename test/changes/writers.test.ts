import { expect, test } from "vitest";
import { isFinalizerOnlyUpdate, isKubernetesHousekeeping } from "../../src/changes/writers.ts";
import type { AdmissionRequest } from "../../src/model/kubernetes.ts";
import { cluster, create, remove, update } from "./requests.ts";

const as = (username: string, request: AdmissionRequest) => ({ ...request, userInfo: { username, groups: [] } });
const collector = "system:serviceaccount:kube-system:generic-garbage-collector";
const owned = cluster({}, { ownerReferences: [{ apiVersion: "v1", kind: "Job", name: "j", uid: "1" }] });

test.each([
  ["a finalizer is added", update(cluster(), cluster({}, { finalizers: ["x"] })), true],
  [
    "managedFields, resourceVersion and generation move",
    update(cluster({}, { generation: 1 }), cluster({}, { generation: 2, resourceVersion: "7", managedFields: [] })),
    true,
  ],
  ["nothing changes", update(cluster(), cluster()), true],
  ["a field is written as null", update(cluster({ backup: null }), cluster()), true],
  ["a label changes too", update(cluster(), cluster({}, { finalizers: ["x"], labels: { a: "b" } })), false],
  ["the spec changes too", update(cluster({ instances: 2 }), cluster({ instances: 1 }, { finalizers: ["x"] })), false],
  ["an owner changes too", update(cluster(), owned), false],
  ["a field of the object's root changes", update(cluster(), { ...cluster(), data: { a: "b" } }), false],
  ["a CREATE", create(cluster()), false],
  ["a DELETE", remove(cluster()), false],
])("finalizers only: %s", (_name, request, expected) => {
  expect(isFinalizerOnlyUpdate(request)).toBe(expected);
});

test.each([
  ["the garbage collector deletes", as(collector, remove(cluster())), true],
  [
    "the namespace controller deletes",
    as("system:serviceaccount:kube-system:namespace-controller", remove(cluster())),
    true,
  ],
  [
    "a controller manager without service accounts deletes",
    as("system:kube-controller-manager", remove(cluster())),
    true,
  ],
  ["the garbage collector orphans", as(collector, update(owned, cluster())), true],
  ["its account writes a spec", as(collector, update(cluster(), cluster({ instances: 0 }))), false],
  ["its account creates", as(collector, create(cluster())), false],
  [
    "an account of the same name in another namespace",
    as("system:serviceaccount:production:generic-garbage-collector", remove(cluster())),
    false,
  ],
  ["a person deletes", remove(cluster()), false],
])("housekeeping: %s", (_name, request, expected) => {
  expect(isKubernetesHousekeeping(request)).toBe(expected);
});
