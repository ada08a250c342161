import { describe, expect, it } from "vitest";
import { emergencyGroup, identify } from "../../src/gate/identify.ts";
import type { AdmissionRequest, KubernetesObject } from "../../src/model/kubernetes.ts";
import * as o from "./objects.ts";
import { create, flux, jobController, remove, request, update } from "./requests.ts";
import { operator } from "./world.ts";

const settings = {
  operatorAccounts: [operator],
  exemptNamespaces: ["kube-system", "flux-system"],
  clusterDomain: "cluster.local",
};
const changed = new Set(["postgresql.cnpg.io/clusters", "core/namespaces", "postgresql.cnpg.io/clusters/scale"]);

/** "run job admission", "untouched unchanged pod template", … */
function kindOf(asked: AdmissionRequest): string {
  const subject = identify(asked, settings, changed);
  if (subject.kind === "run") return `run ${subject.source} ${subject.moment}`;
  return "reason" in subject ? `${subject.kind}: ${subject.reason}` : subject.kind;
}

const spec = o.inlineSpec("DROP TABLE users");
const other = o.inlineSpec("SELECT 1");
const job = (podSpec = spec, fields = {}, metadata = {}) => o.job(podSpec, metadata, fields);
const pod = (podSpec: Readonly<Record<string, unknown>> = spec, metadata = {}) => o.pod(podSpec, metadata);
const cronJob = (podSpec = spec, fields = {}) =>
  o.object("batch/v1", "CronJob", "nightly", {
    spec: { schedule: "0 1 * * *", jobTemplate: { spec: { template: { spec: podSpec } } }, ...fields },
  });
const workload = (kind: string, podSpec = spec, fields = {}) =>
  o.object("apps/v1", kind, "web", { spec: { template: { spec: podSpec }, ...fields } });
const byCluster = o.ownedBy("Cluster", "app-postgres", "postgresql.cnpg.io/v1");
const byReplicaSet = o.ownedBy("ReplicaSet", "web-1", "apps/v1");
const byJob = o.ownedBy("Job", "mig");
const controller = (name: string) => `system:serviceaccount:kube-system:${name}`;
const text = o.configMap("SELECT 1");
const options: KubernetesObject = {
  apiVersion: "v1",
  kind: "PodExecOptions",
  metadata: { name: "p" },
  command: ["psql"],
};
const backup: KubernetesObject = { ...options, command: ["/controller/manager", "backup", "before-1-4-0"] };
const scale: KubernetesObject = { apiVersion: "autoscaling/v1", kind: "Scale", metadata: { name: "app-postgres" } };

type Row = readonly [name: string, asked: AdmissionRequest, is: string];

const jobs: readonly Row[] = [
  ["a Job is created", create(job()), "run job admission"],
  ["a Job is created in a dry-run", create(job(), { dryRun: true }), "run job admission"],
  ["a Job's template is changed", update(job(), job(other)), "run job admission"],
  [
    "a Job's template is changed, as the mutating registration sees it",
    update(job(), job(other), { endpoint: "mutate", dryRun: true }),
    "run job admission",
  ],
  [
    "a Job's labels are changed",
    update(job(), job(spec, {}, { labels: { a: "b" } })),
    "untouched: unchanged pod template",
  ],
  [
    "only the order of keys is changed",
    update(job({ a: 1, b: 2 }), job({ b: 2, a: 1 })),
    "untouched: unchanged pod template",
  ],
  ["it is resumed", update(job(spec, { suspend: true }), job(spec, { suspend: false })), "run job admission"],
  ["it is resumed by leaving the field out", update(job(spec, { suspend: true }), job()), "run job admission"],
  ["it is suspended", update(job(), job(spec, { suspend: true })), "untouched: unchanged pod template"],
  [
    "parallelism from nothing",
    update(job(spec, { parallelism: 0 }), job(spec, { parallelism: 3 })),
    "run job admission",
  ],
  [
    "parallelism from one",
    update(job(spec, { parallelism: 1 }), job(spec, { parallelism: 3 })),
    "untouched: unchanged pod template",
  ],
  [
    "a Job is created at the mutating registration",
    create(job(), { endpoint: "mutate" }),
    "untouched: judged by /validate",
  ],
  [
    "the operator creates its own Job",
    create(job(spec, {}, byCluster), { user: operator }),
    "untouched: a Job of the CNPG operator",
  ],
  ["the operator creates a Job of nobody", create(job(), { user: operator }), "run job admission"],
  ["somebody writes a Cluster as the Job's owner", create(job(spec, {}, byCluster)), "run job admission"],
  [
    "the operator's Job is owned by another group's Cluster",
    create(job(spec, {}, o.ownedBy("Cluster", "x", "evil.io/v1")), { user: operator }),
    "run job admission",
  ],
  [
    "labels of the operator prove nothing",
    create(job(spec, {}, { labels: { "cnpg.io/jobRole": "initdb" } })),
    "run job admission",
  ],
  ["a Job is deleted by a person", remove(job()), "run-deletion"],
  ["a Job is deleted by Flux", remove(job(), { user: flux }), "run-deletion"],
  [
    "a Job is deleted by its CronJob's controller",
    remove(job(), { user: controller("cronjob-controller") }),
    `untouched: deletion by ${controller("cronjob-controller")}`,
  ],
  [
    "a Job is deleted by the TTL controller",
    remove(job(), { user: controller("ttl-after-finished-controller") }),
    `untouched: deletion by ${controller("ttl-after-finished-controller")}`,
  ],
  [
    "a Job is deleted by the garbage collector",
    remove(job(), { user: controller("generic-garbage-collector") }),
    `untouched: deletion by ${controller("generic-garbage-collector")}`,
  ],
  [
    "a Job is deleted with its namespace",
    remove(job(), { user: controller("namespace-controller") }),
    `untouched: deletion by ${controller("namespace-controller")}`,
  ],
  [
    "housekeepers' names in another namespace",
    remove(job(), { user: "system:serviceaccount:shop:namespace-controller" }),
    "run-deletion",
  ],
  ["a CronJob is created", create(cronJob()), "run cron-job schedule"],
  ["a CronJob's template is changed", update(cronJob(), cronJob(other)), "run cron-job schedule"],
  [
    "a CronJob's schedule is changed",
    update(cronJob(), cronJob(spec, { schedule: "0 2 * * *" })),
    "untouched: unchanged job template",
  ],
  ["a CronJob is deleted", remove(cronJob()), "untouched: a CronJob's deletion runs nothing"],
];

const pods: readonly Row[] = [
  ["the Job controller makes a Job's Pod", create(pod(spec, byJob), { user: jobController }), "run pod pod-start"],
  [
    "the controller manager makes a Job's Pod, where its controllers share an account",
    create(pod(spec, byJob), { user: "system:kube-controller-manager" }),
    "run pod pod-start",
  ],
  [
    "somebody writes a Job as the Pod's owner: no younger backup for that",
    create(pod(spec, byJob)),
    "run pod admission",
  ],
  ["a Pod of nobody", create(pod()), "run pod admission"],
  [
    "the ReplicaSet controller's Pod",
    create(pod(spec, byReplicaSet), { user: controller("replicaset-controller") }),
    "untouched: judged at its workload",
  ],
  [
    "the controller manager makes a ReplicaSet's Pod",
    create(pod(spec, byReplicaSet), { user: "system:kube-controller-manager" }),
    "untouched: judged at its workload",
  ],
  [
    "the ReplicaSet controller's account without a workload",
    create(pod(spec, byJob), { user: controller("replicaset-controller") }),
    "run pod admission",
  ],
  ["somebody writes a ReplicaSet as the Pod's owner", create(pod(spec, byReplicaSet)), "run pod admission"],
  [
    "a ReplicationController's Pod",
    create(pod(spec, o.ownedBy("ReplicationController", "x", "v1")), { user: controller("replication-controller") }),
    "run pod admission",
  ],
  [
    "the operator's instance",
    create(pod(spec, byCluster), { user: operator }),
    "untouched: a Pod of the CNPG operator",
  ],
  ["somebody writes a Cluster as the Pod's owner", create(pod(spec, byCluster)), "run pod admission"],
  ["a Pod's labels are changed", update(pod(), pod(spec, { labels: { a: "b" } })), "untouched: unchanged images"],
  [
    "a Pod's image is changed",
    update(pod({ containers: [{ image: "a" }] }), pod({ containers: [{ image: "b" }] })),
    "run pod admission",
  ],
  [
    "an init container's image is changed",
    update(pod({ initContainers: [{ image: "a" }] }), pod({ initContainers: [{ image: "b" }] })),
    "run pod admission",
  ],
  [
    "the last scheduling gate of a Pod is lifted",
    update(pod({ ...spec, schedulingGates: [{ name: "wait" }] }), pod(spec)),
    "run pod admission",
  ],
  [
    "one of two scheduling gates is lifted",
    update(pod({ ...spec, schedulingGates: [{}, {}] }), pod({ ...spec, schedulingGates: [{}] })),
    "untouched: unchanged images",
  ],
  [
    "a queue lets a Deployment's Pod go",
    update(pod({ ...spec, schedulingGates: [{}] }, byReplicaSet), pod(spec, byReplicaSet)),
    "untouched: unchanged images",
  ],
  ["a Pod is deleted", remove(pod()), "untouched: a Pod's deletion runs nothing"],
  ["the kubelet writes a Pod's status", update(pod(), pod(), { subResource: "status" }), "untouched: status only"],
  [
    "an ephemeral container is added",
    update(pod(), pod({ ...spec, ephemeralContainers: [{ name: "debug" }] }), { subResource: "ephemeralcontainers" }),
    "run pod admission",
  ],
  [
    "no ephemeral container is new",
    update(pod(spec), pod(spec), { subResource: "ephemeralcontainers" }),
    "untouched: no new ephemeral container",
  ],
  ["exec", request("CONNECT", options, null, { subResource: "exec" }), "exec"],
  [
    "the operator has an instance take a backup",
    request("CONNECT", backup, null, { subResource: "exec", user: operator }),
    "untouched: a backup by the CNPG operator",
  ],
  [
    "the operator executes anything else",
    request("CONNECT", options, null, { subResource: "exec", user: operator }),
    "exec",
  ],
  ["somebody executes the instance manager", request("CONNECT", backup, null, { subResource: "exec" }), "exec"],
  ["attach", request("CONNECT", { ...options, kind: "PodAttachOptions" }, null, { subResource: "attach" }), "exec"],
];

const rest: readonly Row[] = [
  ["a ConfigMap is created", create(text), "config-map"],
  ["a ConfigMap's data is changed", update(text, o.configMap("SELECT 2")), "config-map"],
  ["a ConfigMap's data is changed in a dry-run", update(text, o.configMap("SELECT 2"), { dryRun: true }), "preview"],
  [
    "a ConfigMap's data stays",
    update(text, { ...text, metadata: { ...text.metadata, labels: { a: "b" } } }),
    "untouched: unchanged data",
  ],
  [
    "a ConfigMap's binaryData is changed",
    update({ ...text, binaryData: { a: "YQ==" } }, { ...text, binaryData: { a: "Yg==" } }),
    "config-map",
  ],
  ["a ConfigMap is deleted", remove(text), "untouched: a ConfigMap's deletion runs nothing"],
  ["a Deployment is created", create(workload("Deployment")), "run deployment admission"],
  ["a StatefulSet is created", create(workload("StatefulSet")), "run stateful-set admission"],
  ["a DaemonSet is created", create(workload("DaemonSet")), "run daemon-set admission"],
  ["a ReplicaSet is created by a person", create(workload("ReplicaSet")), "run replica-set admission"],
  [
    "a ReplicaSet is created by its Deployment",
    create(workload("ReplicaSet"), { user: controller("deployment-controller") }),
    "untouched: judged at its workload",
  ],
  [
    "a Deployment is scaled",
    update(workload("Deployment"), workload("Deployment", spec, { replicas: 9 })),
    "untouched: unchanged pod template",
  ],
  [
    "a Deployment's template is changed",
    update(workload("Deployment"), workload("Deployment", other)),
    "run deployment admission",
  ],
  ["a Deployment is deleted", remove(workload("Deployment")), "untouched: a workload's deletion runs nothing"],
  ["a Cluster is deleted", remove(o.cluster()), "change"],
  ["a Cluster is scaled", update(scale, scale, { subResource: "scale", namespace: "production" }), "change"],
  [
    "a Cluster's status is written",
    update(o.cluster(), o.cluster(), { subResource: "status" }),
    "untouched: status only",
  ],
  ["a Namespace is changed", update(o.production, o.namespace("production", {})), "change"],
  [
    "a Secret, which no registration sends",
    create(o.object("v1", "Secret", "s")),
    "unidentified: no source and no change of this version reads core/secrets",
  ],
  [
    "a resource named as a property every object has",
    create(job(), { resource: { group: "", version: "v1", resource: "constructor" } }),
    "unidentified: no source and no change of this version reads core/constructor",
  ],
  [
    "an exempt namespace",
    create(job(spec, {}, { namespace: "flux-system" })),
    "untouched: namespace flux-system is exempt",
  ],
  [
    "a namespace whose name begins like an exempt one",
    create(job(spec, {}, { namespace: "flux-system-2" })),
    "run job admission",
  ],
  [
    "the emergency group",
    create(job(), { userInfo: { username: "root", groups: [emergencyGroup] } }),
    "untouched: group migration-gate:emergency",
  ],
  [
    "a group called nearly so",
    create(job(), { userInfo: { username: "root", groups: [`${emergencyGroup}-2`] } }),
    "run job admission",
  ],
  ["a user called as the emergency group", create(job(), { user: emergencyGroup }), "run job admission"],
];

describe.each([
  ["Jobs and CronJobs", jobs],
  ["Pods", pods],
  ["everything else", rest],
] as const)("identify: %s", (_name, rows) => {
  it.each(rows)("%s", (_case, asked, is) => {
    expect(kindOf(asked)).toBe(is);
  });
});

it("judges an added ephemeral container alone: its Pod was judged when it came", () => {
  const added = { name: "debug" };
  const after = pod({ ...spec, ephemeralContainers: [{ name: "old" }, added] });
  const asked = update(pod({ ...spec, ephemeralContainers: [{ name: "old" }] }), after, {
    subResource: "ephemeralcontainers",
  });
  const subject = identify(asked, settings, changed);
  expect(subject).toMatchObject({
    carrier: { spec: { initContainers: [], containers: [], ephemeralContainers: [added] } },
  });
});
