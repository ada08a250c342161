import { housekeepers, jobControllers, workloadControllers } from "../model/accounts.ts";
import { fields, items } from "../model/fields.ts";
import type { GateSettings, Moment, Subject } from "../model/gate.ts";
import type { AdmissionRequest, KubernetesObject, OwnerReference } from "../model/kubernetes.ts";
import { resourceOf } from "../model/resource.ts";

/**
 * Step 2: which kind of change is it? Pure: the request alone decides. It goes by `request.resource`, which the API
 * server sets, never by names or labels, which anyone writes. A resource that no route knows is `unidentified`: the
 * registration sent it, so it must not slip through as "not ours".
 */
export function identify(
  request: AdmissionRequest,
  settings: GateSettings,
  changeResources: ReadonlySet<string>,
): Subject {
  if (request.userInfo.groups.includes(emergencyGroup)) return untouched("group migration-gate:emergency");
  if (settings.exemptNamespaces.includes(request.namespace))
    return untouched(`namespace ${request.namespace} is exempt`);
  const resource = resourceOf(request);
  const route = routes[resource];
  if (route !== undefined) return route(request, settings);
  if (changeResources.has(resource)) return { kind: "change" };
  if (request.subResource === "status") return untouched("status only");
  return { kind: "unidentified", reason: `no source and no change of this version reads ${resource}` };
}

/** Only who may impersonate groups can wear it, and the API server's audit log has it (design section 3). */
export const emergencyGroup = "migration-gate:emergency";

type Route = (request: AdmissionRequest, settings: GateSettings) => Subject;

const routes: Readonly<Record<string, Route>> = {
  "batch/jobs": identifyJob,
  "batch/cronjobs": identifyCronJob,
  "core/pods": identifyPod,
  "core/pods/ephemeralcontainers": identifyEphemeral,
  "core/pods/exec": identifyExec,
  "core/pods/attach": identifyExec,
  "core/configmaps": identifyConfigMap,
  "apps/deployments": identifyWorkload("deployment"),
  "apps/statefulsets": identifyWorkload("stateful-set"),
  "apps/daemonsets": identifyWorkload("daemon-set"),
  "apps/replicasets": identifyWorkload("replica-set"),
};

function identifyJob(request: AdmissionRequest, settings: GateSettings): Subject {
  if (request.operation === "DELETE") return identifyJobDeletion(request);
  if (isOperatorsOwn(request, settings)) return untouched("a Job of the CNPG operator");
  if (request.operation === "UPDATE" && !startsAnew(request)) return untouched("unchanged pod template");
  if (request.endpoint === "mutate" && request.operation !== "UPDATE") return untouched("judged by /validate");
  return asRun(request, "job", "admission");
}

function identifyJobDeletion(request: AdmissionRequest): Subject {
  const account = request.userInfo.username;
  if (housekeepers.has(account)) return untouched(`deletion by ${account}`);
  if (request.oldObject === null) return { kind: "unidentified", reason: "a DELETE without the old object" };
  return { kind: "run-deletion", job: request.oldObject };
}

/** A changed template, a lifted suspension, or parallelism from nothing: each makes Pods that no decision has seen. */
function startsAnew(request: AdmissionRequest): boolean {
  const { object, oldObject } = request;
  if (object === null || oldObject === null) return true;
  const [now, before] = [fields(object["spec"]), fields(oldObject["spec"])];
  return (
    !isSame(now["template"], before["template"]) ||
    (before["suspend"] === true && now["suspend"] !== true) ||
    (before["parallelism"] === 0 && now["parallelism"] !== 0)
  );
}

function identifyCronJob(request: AdmissionRequest): Subject {
  if (request.operation === "DELETE") return untouched("a CronJob's deletion runs nothing");
  const template = (object: KubernetesObject | null) => fields(object?.["spec"])["jobTemplate"];
  if (request.operation === "UPDATE" && isSame(template(request.object), template(request.oldObject))) {
    return untouched("unchanged job template");
  }
  return asRun(request, "cron-job", "schedule");
}

function identifyPod(request: AdmissionRequest, settings: GateSettings): Subject {
  if (request.operation === "DELETE") return untouched("a Pod's deletion runs nothing");
  if (request.operation === "UPDATE" && !changesImages(request) && !mayStartNow(request)) {
    return untouched("unchanged images");
  }
  if (isOperatorsOwn(request, settings)) return untouched("a Pod of the CNPG operator");
  if (isMadeByWorkload(request)) return untouched("judged at its workload");
  return asRun(request, "pod", isMadeByJob(request) ? "pod-start" : "admission");
}

/** By account, not by owner alone: an owner reference to a ReplicaSet is written by anyone. */
function isMadeByWorkload({ operation, object, userInfo }: AdmissionRequest): boolean {
  return operation === "CREATE" && workloadControllers.has(userInfo.username) && isOfWorkload(object);
}

/** Only then it follows a Job's admission, and may lean on the backup that was fresh then. */
function isMadeByJob({ operation, object, userInfo }: AdmissionRequest): boolean {
  return operation === "CREATE" && jobControllers.has(userInfo.username) && controllerOf(object)?.kind === "Job";
}

function isOfWorkload(object: KubernetesObject | null): boolean {
  return controllerOf(object)?.apiVersion.startsWith("apps/") ?? false;
}

/** The last scheduling gate is lifted: like a suspended Job, the Pod starts long after it was judged. Queues do so to workloads. */
function mayStartNow({ object, oldObject }: AdmissionRequest): boolean {
  const gates = (pod: KubernetesObject | null) => items(fields(pod?.["spec"])["schedulingGates"]).length;
  return gates(oldObject) > 0 && gates(object) === 0 && !isOfWorkload(oldObject);
}

/** What is added to a running Pod is judged by itself: the rest was judged when it came. */
function identifyEphemeral(request: AdmissionRequest): Subject {
  const { object, oldObject } = request;
  if (object === null) return { kind: "unidentified", reason: "ephemeral containers without their Pod" };
  const [spec, before] = [fields(object["spec"]), items(fields(oldObject?.["spec"])["ephemeralContainers"])];
  const added = items(spec["ephemeralContainers"]).filter((one) => !before.some((other) => isSame(one, other)));
  if (added.length === 0) return untouched("no new ephemeral container");
  const carrier = { ...object, spec: { ...spec, initContainers: [], containers: [], ephemeralContainers: added } };
  return { kind: "run", source: "pod", carrier, moment: "admission" };
}

function changesImages(request: AdmissionRequest): boolean {
  const images = (object: KubernetesObject | null) =>
    ["initContainers", "containers", "ephemeralContainers"].map((field) =>
      items(fields(object?.["spec"])[field]).map((container) => fields(container)["image"]),
    );
  return !isSame(images(request.object), images(request.oldObject));
}

/** The operator takes every base backup by the instance manager's own program in the instance's Pod. */
function identifyExec(request: AdmissionRequest, settings: GateSettings): Subject {
  if (request.object === null) return { kind: "unidentified", reason: "an exec without its options" };
  const [program] = items(request.object["command"]);
  if (settings.operatorAccounts.includes(request.userInfo.username) && program === "/controller/manager")
    return untouched("a backup by the CNPG operator");
  return { kind: "exec", options: request.object };
}

function identifyConfigMap(request: AdmissionRequest): Subject {
  if (request.operation === "DELETE" || request.object === null)
    return untouched("a ConfigMap's deletion runs nothing");
  if (request.dryRun) return { kind: "preview", configMap: request.object };
  const content = (object: KubernetesObject | null) => [object?.["data"], object?.["binaryData"]];
  if (isSame(content(request.object), content(request.oldObject))) return untouched("unchanged data");
  return { kind: "config-map", configMap: request.object };
}

function identifyWorkload(source: string): Route {
  return (request) => {
    if (request.operation === "DELETE") return untouched("a workload's deletion runs nothing");
    if (workloadControllers.has(request.userInfo.username)) return untouched("judged at its workload");
    const template = (object: KubernetesObject | null) => fields(object?.["spec"])["template"];
    if (request.operation === "UPDATE" && isSame(template(request.object), template(request.oldObject))) {
      return untouched("unchanged pod template");
    }
    return asRun(request, source, "admission");
  };
}

function asRun(request: AdmissionRequest, source: string, moment: Moment): Subject {
  if (request.object === null) return { kind: "unidentified", reason: `a ${request.operation} without the object` };
  return { kind: "run", source, carrier: request.object, moment };
}

/** CNPG's initdb, join and recovery Jobs and its instances: by the operator's account **and** the owner, since labels and owners alone are forgeable. */
function isOperatorsOwn(request: AdmissionRequest, settings: GateSettings): boolean {
  const owner = controllerOf(request.object);
  return (
    settings.operatorAccounts.includes(request.userInfo.username) &&
    owner?.kind === "Cluster" &&
    owner.apiVersion.startsWith("postgresql.cnpg.io/")
  );
}

function controllerOf(object: KubernetesObject | null): OwnerReference | null {
  return object?.metadata.ownerReferences?.find((owner) => owner.controller === true) ?? null;
}

function untouched(reason: string): Subject {
  return { kind: "untouched", reason };
}

/** Equal as JSON, whatever the order of keys: the API server may write them differently in old and new. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const [a, b] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  const keys = new Set([...a.keys(), ...b.keys()]);
  return Array.isArray(one) === Array.isArray(other) && [...keys].every((key) => isSame(a.get(key), b.get(key)));
}
