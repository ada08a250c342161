import { jobControllers } from "../model/accounts.ts";
import { fields, items, textOf, valueAt } from "../model/fields.ts";
import type { KubernetesObject, OwnerReference } from "../model/kubernetes.ts";
import { configMapReferences } from "../pods/config-maps.ts";
import type { ObjectReader } from "../ports.ts";

/**
 * The object and its owners up to the CronJob: where approvals and plans of a Pod are written. An owner that is gone,
 * or bears another uid than the one that owns, is none. Throws ReadError when the cluster cannot be asked.
 */
export async function readOwners(
  carrier: KubernetesObject,
  reader: ObjectReader,
  signal: AbortSignal,
): Promise<readonly KubernetesObject[]> {
  const chain = [carrier];
  for (;;) {
    const owner = ownerOf(chain.at(-1));
    if (owner === null || chain.length > 2) return chain;
    const object = await reader.get(owner.kind, carrier.metadata.namespace ?? "", owner.name, signal);
    if (object === null || object.metadata.uid !== owner.uid) return chain;
    chain.push(object);
  }
}

function ownerOf(object: KubernetesObject | undefined): (OwnerReference & { kind: "Job" | "CronJob" }) | null {
  const owner = object?.metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined || !owner.apiVersion.startsWith("batch/")) return null;
  return owner.kind === "Job" || owner.kind === "CronJob" ? { ...owner, kind: owner.kind } : null;
}

/** Annotations of all of them: approvals given on a CronJob count for its Jobs, those of a Job for its Pods. */
export function annotationsOf(chain: readonly KubernetesObject[]): Readonly<Record<string, string>> {
  return Object.assign({}, ...chain.map(({ metadata }) => metadata.annotations ?? {}).toReversed());
}

/**
 * A Job's Pod without the containers that others inject into every Pod (Istio, Linkerd), by the names the policy gives.
 * Only what the Job's own template does not have was injected: a name alone would hide anything.
 */
export function withoutInjected(
  account: string,
  chain: readonly KubernetesObject[],
  names: readonly string[],
): KubernetesObject | null {
  const [pod, job] = chain;
  if (pod === undefined || job === undefined || job.kind !== "Job" || !jobControllers.has(account)) return pod ?? null;
  const written = fields(valueAt(job, "spec", "template", "spec"));
  const own = new Set(["initContainers", "containers"].flatMap((field) => items(written[field]).map(nameOf)));
  const spec = fields(pod["spec"]);
  const kept = (field: string) =>
    items(spec[field]).filter((one) => own.has(nameOf(one)) || !names.includes(nameOf(one)));
  return { ...pod, spec: { ...spec, initContainers: kept("initContainers"), containers: kept("containers") } };
}

function nameOf(container: unknown): string {
  return textOf(fields(container)["name"]);
}

/**
 * CNPG's own initdb, join and recovery Pods, made by Kubernetes' Job controller. Owner references alone are anyone's to
 * write, so the account that asks counts too: then the Pod is what a Job's template says, and that Job was let through as
 * the operator's or judged like any other. It must read no ConfigMap that could have changed since.
 */
export function isInstanceManagersPod(
  account: string,
  chain: readonly KubernetesObject[],
  clusters: readonly KubernetesObject[],
): boolean {
  const [pod, job] = chain;
  const owner = job?.metadata.ownerReferences?.find(({ controller }) => controller === true);
  const cluster = clusters.find(({ metadata }) => metadata.uid === owner?.uid && metadata.uid !== undefined);
  if (!jobControllers.has(account) || pod === undefined || owner?.kind !== "Cluster" || cluster === undefined) {
    return false;
  }
  const spec = fields(pod["spec"]);
  return (
    cluster.metadata.namespace === pod.metadata.namespace &&
    items(spec["containers"]).every(runsInstanceManager) &&
    configMapReferences(spec).every(({ name }) => name === "kube-root-ca.crt")
  );
}

/** Its init containers are the operator's bootstrap and whatever CNPG's plugins bring along. */
function runsInstanceManager(container: unknown): boolean {
  return textOf(items(fields(container)["command"])[0]) === "/controller/manager";
}
