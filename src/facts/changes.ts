import type { ChangeFacts } from "../model/change.ts";
import { fields, textOf } from "../model/fields.ts";
import type { AdmissionRequest, KubernetesObject, UserInfo } from "../model/kubernetes.ts";
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
  return {
    clusters,
    backups,
    objectStores,
    databases,
    volumeSnapshots,
    isOperator: world.settings.operatorAccounts.includes(userInfo.username),
    isInstanceManager:
      isFromPod(userInfo) && clusters.some((cluster) => userInfo.username === instanceAccount(cluster)),
  };
}

/** Set by the API server for a token bound to a Pod; who impersonates the account lacks it (facts: cluster.md section 8). */
function isFromPod({ extra }: UserInfo): boolean {
  return extra?.["authentication.kubernetes.io/pod-name"] !== undefined;
}

/** CNPG runs each instance under a service account called as the Cluster, or as the Cluster says. */
function instanceAccount(cluster: KubernetesObject): string {
  const named = textOf(fields(cluster["spec"])["serviceAccountName"]);
  return `system:serviceaccount:${cluster.metadata.namespace}:${named === "" ? cluster.metadata.name : named}`;
}
