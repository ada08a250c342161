import type { ChangeFacts } from "../model/change.ts";
import { fields, items, textOf, valueAt } from "../model/fields.ts";
import type { AdmissionRequest, KubernetesObject, UserInfo } from "../model/kubernetes.ts";
import { selectPolicy } from "../policy.ts";
import type { World } from "../ports.ts";

/** What a cluster change is judged by, all of the request's namespace. Throws ReadError when the cluster cannot be asked. */
export async function readChangeFacts(
  request: AdmissionRequest,
  world: World,
  signal: AbortSignal,
): Promise<ChangeFacts> {
  const { namespace, userInfo } = request;
  const list = (kind: "Cluster" | "Backup" | "ObjectStore" | "Database" | "VolumeSnapshot") =>
    world.reader.list(kind, namespace, signal);
  const [clusters, backups, objectStores, databases, volumeSnapshots] = await Promise.all([
    list("Cluster"),
    list("Backup"),
    list("ObjectStore"),
    list("Database"),
    list("VolumeSnapshot"),
  ]);
  const policyOf = (object: KubernetesObject | null) => nameOfPolicy(request, object, world);
  return {
    policies: { before: policyOf(request.oldObject), after: policyOf(request.object) },
    clusters,
    backups,
    objectStores,
    databases,
    volumeSnapshots,
    isOperator: world.settings.operatorAccounts.includes(userInfo.username),
    isInstanceManager: clusters.some(
      (cluster) => userInfo.username === instanceAccount(cluster) && isFromInstance(userInfo, cluster),
    ),
  };
}

/** Only a Namespace's labels choose a policy; "" where they choose none or it is no Namespace. */
function nameOfPolicy({ kind, name }: AdmissionRequest, object: KubernetesObject | null, world: World): string {
  if (kind.kind !== "Namespace" || object === null) return "";
  const selected = selectPolicy(world.policies(), name, object.metadata.labels ?? {});
  return "policy" in selected ? selected.policy.name : "";
}

/**
 * The Pod's name is set by the API server for a token bound to a Pod; who impersonates the account lacks it (facts:
 * cluster.md section 8). Anyone may start a Pod under that account, but not one that is called as an instance.
 */
function isFromInstance({ extra }: UserInfo, cluster: KubernetesObject): boolean {
  const pods = extra?.["authentication.kubernetes.io/pod-name"] ?? [];
  const instances = items(valueAt(cluster, "status", "instanceNames"));
  return pods.some((pod) => instances.includes(pod));
}

/** CNPG runs each instance under a service account called as the Cluster, or as the Cluster says. */
function instanceAccount(cluster: KubernetesObject): string {
  const named = textOf(fields(cluster["spec"])["serviceAccountName"]);
  return `system:serviceaccount:${cluster.metadata.namespace}:${named === "" ? cluster.metadata.name : named}`;
}
