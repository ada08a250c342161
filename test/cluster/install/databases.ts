import type { Manifest } from "../../deploy/objects.ts";
import { images } from "../versions.ts";
import { s3 } from "./s3.ts";

/** How a Cluster keeps its backups: by the barman-cloud plugin, or by `barmanObjectStore` in its own spec. */
type Method = "plugin" | "in-tree";

const plugin = "barman-cloud.cloudnative-pg.io";
const credentials = "s3";
const store = "store";
const thisRun = Date.now().toString(36);

/** A namespace as its mode and policy label it (docs/install.md); without either it is not the gate's. */
export function namespaceOf(
  name: string,
  labels: { readonly mode?: "audit" | "enforce" | "off"; readonly policy?: string } = {},
): Manifest {
  const { mode, policy } = labels;
  return {
    ...{ apiVersion: "v1", kind: "Namespace" },
    metadata: {
      name,
      labels: {
        ...(mode === undefined ? {} : { "migration-gate.dev/mode": mode }),
        ...(policy === undefined ? {} : { "migration-gate.dev/policy": policy }),
      },
    },
  };
}

/** What Clusters of a namespace need to reach the S3 server, by either method. */
export function storeObjects(namespace: string): readonly Manifest[] {
  return [
    credentialsOf(namespace),
    {
      ...{ apiVersion: "barmancloud.cnpg.io/v1", kind: "ObjectStore", metadata: { name: store, namespace } },
      spec: {
        retentionPolicy: "7d",
        configuration: location(namespace),
        // what it asks for is its weight on a busy machine: with a tenth of it, one WAL file took minutes
        instanceSidecarConfiguration: { resources: { requests: { cpu: "100m", memory: "64Mi" } } },
      },
    },
  ];
}

/** Enough for the in-tree method, where no plugin is installed and so no ObjectStore can be. */
export function credentialsOf(namespace: string): Manifest {
  return {
    ...{ apiVersion: "v1", kind: "Secret", metadata: { name: credentials, namespace } },
    stringData: { ACCESS_KEY_ID: s3.accessKey, ACCESS_SECRET_KEY: s3.secretKey },
  };
}

/** A folder of the bucket for each namespace of each run: names repeat, and CNPG refuses an archive that is not empty. */
function location(namespace: string): Manifest {
  return {
    destinationPath: `s3://${s3.bucket}/${namespace}-${thisRun}`,
    endpointURL: s3.endpoint,
    s3Credentials: {
      accessKeyId: { name: credentials, key: "ACCESS_KEY_ID" },
      secretAccessKey: { name: credentials, key: "ACCESS_SECRET_KEY" },
    },
    wal: { compression: "gzip" },
    // a checkpoint at once, not spread over minutes
    data: { compression: "gzip", immediateCheckpoint: true },
  };
}

export interface Database {
  readonly name: string;
  readonly namespace: string;
  readonly method: Method;
  readonly instances?: number;
}

/** A Cluster with the database `app` of the user `app`. */
export function clusterOf(database: Database): Manifest {
  return cluster(database, { initdb: { database: "app", owner: "app" } }, []);
}

/**
 * A Cluster as it was at a time, from the archive of another one in its namespace. `targetTime` is written
 * "2026-11-24 08:22:48.000000+00": of a UTC time in any other spelling, CNPG 1.28 makes one that PostgreSQL refuses.
 */
export function recoveryOf(
  database: Database,
  from: { readonly cluster: string; readonly targetTime: string },
): Manifest {
  const { namespace, method } = database;
  const source = from.cluster;
  const archive =
    method === "plugin"
      ? { plugin: { name: plugin, parameters: { barmanObjectName: store, serverName: source } } }
      : { barmanObjectStore: { ...location(namespace), serverName: source } };
  const recovery = { source, database: "app", owner: "app", recoveryTarget: { targetTime: from.targetTime } };
  return cluster(database, { recovery }, [{ name: source, ...archive }]);
}

function cluster(
  { name, namespace, method, instances = 1 }: Database,
  bootstrap: Manifest,
  externalClusters: readonly Manifest[],
): Manifest {
  const archiver = { name: plugin, isWALArchiver: true, parameters: { barmanObjectName: store, serverName: name } };
  return {
    ...{ apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster", metadata: { name, namespace } },
    spec: {
      ...{
        instances,
        imageName: images.postgresql,
        imagePullPolicy: "IfNotPresent",
        postgresUID: 100,
        postgresGID: 102,
      },
      ...{ storage: { size: "1Gi" }, resources: { requests: { cpu: "50m", memory: "128Mi" } } },
      postgresql: { parameters: { max_connections: "30", shared_buffers: "32MB" } },
      bootstrap,
      ...(externalClusters.length === 0 ? {} : { externalClusters }),
      ...(method === "plugin"
        ? { plugins: [archiver] }
        : { backup: { retentionPolicy: "7d", barmanObjectStore: { ...location(namespace), serverName: name } } }),
    },
  };
}

/** A base backup of the primary, so that the WAL it needs is known to be archived (deploy/flux/backup.yaml). */
export function backupOf(database: Database, backup: string): Manifest {
  const metadata = { name: backup, namespace: database.namespace };
  return { apiVersion: "postgresql.cnpg.io/v1", kind: "Backup", metadata, spec: baseBackup(database) };
}

/** Such a base backup at once, and again whenever `schedule` says so: six fields, seconds first. */
export function scheduledBackupOf(database: Database, name: string, schedule: string): Manifest {
  return {
    ...{ apiVersion: "postgresql.cnpg.io/v1", kind: "ScheduledBackup" },
    metadata: { name, namespace: database.namespace },
    spec: { schedule, immediate: true, ...baseBackup(database) },
  };
}

function baseBackup({ name, method }: Database): Manifest {
  const how =
    method === "plugin" ? { method: "plugin", pluginConfiguration: { name: plugin } } : { method: "barmanObjectStore" };
  return { cluster: { name }, target: "primary", ...how };
}
