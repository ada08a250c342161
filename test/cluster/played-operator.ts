import type { Manifest } from "../deploy/objects.ts";
import type { Client } from "./client.ts";

/** The account of CloudNativePG's operator, with the rights of its release: what it writes is written as it would. */
export const operatorAccount = "system:serviceaccount:cnpg-system:cnpg-manager";

/** A Cluster or Backup by name. */
interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Writes what the operator writes where no node runs it: states and the objects of an instance that has no container. */
export interface PlayedOperator {
  /** The state of a Cluster whose first instance runs and archives. */
  settle(cluster: Named): Promise<void>;
  /** The objects of its first instance: account and role, volume and Pod, all owned by the Cluster. */
  addInstance(cluster: Named, node: string): Promise<void>;
  /** The state of a Backup that has just ended, and the plugin's catalogue with it. */
  complete(backup: Named, cluster: string): Promise<void>;
}

export function playOperator(client: Client): PlayedOperator {
  const operator = client.as(operatorAccount);

  async function uidOf({ namespace, name }: Named): Promise<string> {
    return await client.kubectl([
      "get",
      "--namespace",
      namespace,
      "cluster",
      name,
      "--output=jsonpath={.metadata.uid}",
    ]);
  }

  async function setStatus(who: Client, kind: string, { namespace, name }: Named, status: Manifest): Promise<void> {
    const patch = ["--subresource=status", "--type=merge", "--patch", JSON.stringify({ status })];
    await who.kubectl(["patch", "--namespace", namespace, kind, name, ...patch]);
  }

  return {
    async settle(cluster) {
      const instance = `${cluster.name}-1`;
      const since = new Date().toISOString();
      const condition = (type: string, reason: string) => {
        return { type, reason, status: "True", message: reason, lastTransitionTime: since };
      };
      await setStatus(operator, "cluster", cluster, {
        ...{ phase: "Cluster in healthy state", instances: 1, readyInstances: 1, instanceNames: [instance] },
        ...{ currentPrimary: instance, targetPrimary: instance, timelineID: 1, systemID: "7711655946964197396" },
        pgDataImageInfo: { image: "localhost/migration-gate-test/postgresql:17", majorVersion: 17 },
        conditions: [
          condition("Ready", "ClusterIsReady"),
          condition("ContinuousArchiving", "ContinuousArchivingSuccess"),
        ],
      });
    },
    async addInstance(cluster, node) {
      await operator.kubectl(
        ["create", "--filename", "-"],
        JSON.stringify({ apiVersion: "v1", kind: "List", items: instanceOf(cluster, await uidOf(cluster), node) }),
      );
    },
    async complete(backup, cluster) {
      const { namespace } = backup;
      const [started, ended] = [new Date(Date.now() - 3_000).toISOString(), new Date().toISOString()];
      const clusterUID = await uidOf({ namespace, name: cluster });
      await setStatus(operator, "backup", backup, {
        ...{
          phase: "completed",
          method: "plugin",
          online: true,
          majorVersion: 17,
          startedAt: started,
          stoppedAt: ended,
        },
        ...{ backupId: "20261124T010006", backupName: "backup-20261124010005" },
        ...{ beginWal: "000000010000000000000003", endWal: "000000010000000000000003" },
        instanceID: { podName: `${cluster}-1`, sessionID: "221f9f5a-8fd4-4f26-9d64-5691693f94fb" },
        pluginMetadata: { clusterUID, pluginName: "barman-cloud.cloudnative-pg.io", timeline: "1" },
      });
      const plugin = client.as("system:serviceaccount:cnpg-system:plugin-barman-cloud");
      await setStatus(
        plugin,
        "objectstore",
        { namespace, name: "store" },
        {
          serverRecoveryWindow: { [cluster]: { firstRecoverabilityPoint: ended, lastSuccessfulBackupTime: ended } },
        },
      );
    },
  };
}

/**
 * As the operator makes them (pkg/specs in its module): of the role, the rules about what is believed; of the Pod, what its
 * account's token needs.
 */
function instanceOf({ namespace, name }: Named, uid: string, node: string): readonly Manifest[] {
  const ownerReferences = [{ apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster", name, uid, controller: true }];
  const labels = { "cnpg.io/cluster": name, "cnpg.io/instanceName": `${name}-1`, "cnpg.io/instanceRole": "primary" };
  const instance = { name: `${name}-1`, namespace, ownerReferences };
  const metadata = { name, namespace, ownerReferences };
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name };
  const cnpg = (resources: readonly string[], verbs: readonly string[], resourceNames?: readonly string[]) => {
    return { apiGroups: ["postgresql.cnpg.io"], resources, verbs, ...(resourceNames ? { resourceNames } : {}) };
  };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata },
      rules: [
        cnpg(["clusters"], ["get", "list", "watch"], [name]),
        cnpg(["clusters/status"], ["get", "patch", "update", "watch"], [name]),
        cnpg(["backups"], ["list", "get", "delete"]),
        cnpg(["backups/status"], ["get", "patch", "update"]),
      ],
    },
    {
      ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", metadata, roleRef },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
    {
      ...{ apiVersion: "v1", kind: "PersistentVolumeClaim" },
      metadata: { ...instance, labels: { ...labels, "cnpg.io/pvcRole": "PG_DATA" } },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    },
    {
      ...{ apiVersion: "v1", kind: "Pod", metadata: { ...instance, labels } },
      spec: {
        ...{ nodeName: node, serviceAccountName: name },
        containers: [{ name: "postgres", image: "localhost/migration-gate-test/postgresql:17" }],
      },
    },
  ];
}
