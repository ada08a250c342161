import type { AdmissionRequest, KubernetesObject, Operation } from "../../src/model/kubernetes.ts";

const resources: Readonly<Record<string, string>> = {
  ...{ Job: "batch/jobs", CronJob: "batch/cronjobs", Pod: "/pods", ConfigMap: "/configmaps", Namespace: "/namespaces" },
  ...{ Deployment: "apps/deployments", StatefulSet: "apps/statefulsets", DaemonSet: "apps/daemonsets" },
  ...{ ReplicaSet: "apps/replicasets", Cluster: "postgresql.cnpg.io/clusters", Backup: "postgresql.cnpg.io/backups" },
  ...{ PodExecOptions: "/pods", PodAttachOptions: "/pods", Scale: "postgresql.cnpg.io/clusters" },
  CustomResourceDefinition: "apiextensions.k8s.io/customresourcedefinitions",
  ObjectStore: "barmancloud.cnpg.io/objectstores",
  Secret: "/secrets",
};

export const jobController = "system:serviceaccount:kube-system:job-controller";
export const flux = "system:serviceaccount:flux-system:kustomize-controller";

/** A request of a person; `parts` say what is different. */
export function request(
  operation: Operation,
  object: KubernetesObject | null,
  oldObject: KubernetesObject | null,
  parts: Partial<AdmissionRequest> & { readonly user?: string } = {},
): AdmissionRequest {
  const held = object ?? oldObject;
  if (held === null) throw new Error("a request has at least one object");
  const { user = "ann", ...rest } = parts;
  const [group = "", resource = ""] = (resources[held.kind] ?? "").split("/");
  if (resource === "") throw new Error(`no resource is known for kind ${held.kind}`);
  const [version = "", apiGroup = ""] = held.apiVersion.split("/").toReversed();
  return {
    endpoint: "validate",
    uid: "705ab4f5",
    kind: { group: apiGroup, version, kind: held.kind },
    resource: { group, version: "v1", resource },
    subResource: "",
    name: held.metadata.name,
    namespace: held.kind === "Namespace" ? held.metadata.name : (held.metadata.namespace ?? ""),
    operation,
    userInfo: { username: user, groups: ["system:authenticated"] },
    object,
    oldObject,
    dryRun: false,
    options: {},
    ...rest,
  };
}

export function create(object: KubernetesObject, parts: Parameters<typeof request>[3] = {}): AdmissionRequest {
  return request("CREATE", object, null, parts);
}

export function update(
  before: KubernetesObject,
  after: KubernetesObject,
  parts: Parameters<typeof request>[3] = {},
): AdmissionRequest {
  return request("UPDATE", after, before, parts);
}

export function remove(before: KubernetesObject, parts: Parameters<typeof request>[3] = {}): AdmissionRequest {
  return request("DELETE", null, before, parts);
}
