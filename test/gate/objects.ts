import type { KubernetesObject, ObjectMeta } from "../../src/model/kubernetes.ts";

type Json = Readonly<Record<string, unknown>>;
type Strings = Readonly<Record<string, string>>;

/** An object of namespace production, unless its metadata says otherwise. */
export function object(
  apiVersion: string,
  kind: string,
  name: string,
  body: Json = {},
  metadata: Partial<ObjectMeta> = {},
): KubernetesObject {
  const namespace = kind === "Namespace" ? {} : { namespace: "production" };
  return { apiVersion, kind, metadata: { name, uid: `uid-of-${name}`, ...namespace, ...metadata }, ...body };
}

export function namespace(name: string, labels: Strings): KubernetesObject {
  return object("v1", "Namespace", name, {}, { labels });
}

export const production = namespace("production", { "migration-gate.dev/mode": "enforce" });

/** A Cluster whose way back is in order, with a backup that ended ten minutes before nine. */
export function cluster(name = "app-postgres", metadata: Partial<ObjectMeta> = {}): KubernetesObject {
  const body = {
    spec: {
      bootstrap: { initdb: { database: "app", owner: "app" } },
      imageName: "ghcr.io/cloudnative-pg/postgresql:17.12",
      instances: 1,
      plugins: [
        {
          name: "barman-cloud.cloudnative-pg.io",
          enabled: true,
          isWALArchiver: true,
          parameters: { barmanObjectName: "store" },
        },
      ],
      storage: { size: "1Gi" },
    },
    status: {
      phase: "Cluster in healthy state",
      currentPrimary: `${name}-1`,
      targetPrimary: `${name}-1`,
      instanceNames: [`${name}-1`],
      systemID: "7711655946964197396",
      timelineID: 1,
      pgDataImageInfo: { image: "ghcr.io/cloudnative-pg/postgresql:17.12", majorVersion: 17 },
      conditions: [
        { type: "Ready", status: "True", lastTransitionTime: "2026-01-10T08:44:02Z" },
        { type: "ContinuousArchiving", status: "True", lastTransitionTime: "2026-01-10T08:43:57Z" },
      ],
    },
  };
  const created = { creationTimestamp: "2026-01-10T08:43:34Z" };
  return object("postgresql.cnpg.io/v1", "Cluster", name, body, { ...created, ...metadata });
}

/** A completed Backup of app-postgres on its primary. */
export function backup(stoppedAt = "2026-11-24T08:50:09Z", metadata: Partial<ObjectMeta> = {}): KubernetesObject {
  const startedAt = new Date(Date.parse(stoppedAt) - 3_000).toISOString();
  const plugin = "barman-cloud.cloudnative-pg.io";
  const body = {
    spec: {
      ...{ cluster: { name: "app-postgres" }, method: "plugin", target: "primary" },
      pluginConfiguration: { name: plugin },
    },
    status: {
      ...{ phase: "completed", method: "plugin", backupId: "20261124T085006", backupName: "backup-20261124085005" },
      ...{ beginWal: "000000010000000000000003", endWal: "000000010000000000000003", majorVersion: 17, online: true },
      instanceID: { podName: "app-postgres-1", sessionID: "221f9f5a" },
      pluginMetadata: { clusterUID: "uid-of-app-postgres", pluginName: plugin, timeline: "1" },
      ...{ startedAt, stoppedAt },
    },
  };
  return object("postgresql.cnpg.io/v1", "Backup", "fresh", body, { creationTimestamp: startedAt, ...metadata });
}

export const objectStore = object("barmancloud.cnpg.io/v1", "ObjectStore", "store", {
  spec: { configuration: { destinationPath: "s3://backups/production" }, retentionPolicy: "30d" },
  status: {
    serverRecoveryWindow: {
      "app-postgres": {
        firstRecoverabilityPoint: "2026-10-26T01:00:09Z",
        lastSuccessfulBackupTime: "2026-11-24T08:50:09Z",
      },
    },
  },
});

/** Namespace, Cluster, object store and a fresh backup. */
export const healthy: readonly KubernetesObject[] = [production, cluster(), objectStore, backup()];

export const client = "ghcr.io/cloudnative-pg/postgresql:17.12";

/** A container that runs psql on app-postgres. */
export function psql(args: readonly string[], fields: Json = {}): Json {
  return {
    name: "m",
    image: client,
    command: ["psql", "-v", "ON_ERROR_STOP=1", ...args],
    env: [
      { name: "PGHOST", value: "app-postgres-rw" },
      { name: "PGDATABASE", value: "app" },
      { name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: "app-postgres-app", key: "password" } } },
    ],
    ...fields,
  };
}

/** A Pod spec of one container that runs SQL of the ConfigMap mig-sql. */
export const mountedSpec: Json = {
  restartPolicy: "Never",
  containers: [psql(["-f", "/sql/up.sql"], { volumeMounts: [{ name: "sql", mountPath: "/sql" }] })],
  volumes: [{ name: "sql", configMap: { name: "mig-sql" } }],
};

export function inlineSpec(sql: string): Json {
  return { restartPolicy: "Never", containers: [psql(["-c", sql])] };
}

export function job(podSpec: Json, metadata: Partial<ObjectMeta> = {}, spec: Json = {}): KubernetesObject {
  return object("batch/v1", "Job", "mig", { spec: { ...spec, template: { spec: podSpec } } }, metadata);
}

export function pod(podSpec: Json, metadata: Partial<ObjectMeta> = {}, status: Json = {}): KubernetesObject {
  return object("v1", "Pod", "mig-x7k", { spec: podSpec, status }, metadata);
}

export function configMap(sql: string, name = "mig-sql"): KubernetesObject {
  return object("v1", "ConfigMap", name, { data: { "up.sql": sql } });
}

export function ownedBy(kind: string, name: string, apiVersion = "batch/v1", uid = `uid-of-${name}`) {
  return { ownerReferences: [{ apiVersion, kind, name, uid, controller: true }] };
}

/** What production asks of a plan besides approval and backup. */
export const plan: Strings = {
  "migration-gate.dev/rollback-window": "24h",
  "migration-gate.dev/rollback-owner": "team-users",
};
