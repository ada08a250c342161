import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Manifest, objectsOf } from "../../deploy/objects.ts";
import { approvalOf } from "../approvals.ts";
import { asDocuments, type Client } from "../client.ts";
import { images } from "../versions.ts";

const file = "deploy/flux/job.yaml";
const shipped = readFileSync(join(import.meta.dirname, "../../..", file), "utf8");

export interface Migration {
  readonly name: string;
  readonly namespace: string;
  /** The Cluster whose application Secret it connects by. */
  readonly cluster: string;
  /** Another image than the one that the policies know as a client. */
  readonly image?: string;
  /** Beside the shipped ones; null takes one of those away. */
  readonly annotations?: Readonly<Record<string, string | null>>;
}

/** The shipped example of a migration, under other names: psql with a file of the ConfigMap of the same name. */
export function migrationJob(migration: Migration): Manifest {
  const { name, namespace, cluster, image = images.postgresql } = migration;
  const text = shipped
    .replaceAll("migrate-1-4-0", name)
    .replaceAll("namespace: production", `namespace: ${namespace}`)
    .replaceAll("app-postgres-app", `${cluster}-app`)
    .replaceAll("image: postgres:17", `image: ${image}`);
  const [job = {}] = objectsOf(text, file);
  const metadata = Object(job["metadata"]);
  const annotations = Object.entries({ ...metadata.annotations, ...migration.annotations });
  const kept = Object.fromEntries(annotations.filter(([, value]) => value !== null));
  return { ...job, metadata: { ...metadata, annotations: kept } };
}

/** The same with its SQL in the command, and no ConfigMap. */
export function inlineMigrationJob(migration: Migration, sql: string): Manifest {
  const job = migrationJob(migration);
  const spec = Object(job["spec"]);
  const [container] = spec.template.spec.containers;
  const { volumeMounts: _mounts, ...inline } = { ...container, command: psql(sql) };
  const { volumes: _volumes, ...pod } = { ...spec.template.spec, containers: [inline] };
  return { ...job, spec: { ...spec, template: { ...spec.template, spec: pod } } };
}

/** The same with other fields in its spec. */
export function withSpec(object: Manifest, spec: Manifest): Manifest {
  return { ...object, spec: { ...Object(object["spec"]), ...spec } };
}

/** The same as a CronJob of every minute. */
export function everyMinute({ metadata, spec }: Manifest): Manifest {
  return {
    ...{ apiVersion: "batch/v1", kind: "CronJob", metadata },
    spec: { schedule: "* * * * *", jobTemplate: { spec } },
  };
}

/** The same with other fields in its Pods' spec. */
export function withPodSpec(job: Manifest, podSpec: Manifest): Manifest {
  const { template } = Object(job["spec"]);
  return withSpec(job, { template: { ...template, spec: { ...template.spec, ...podSpec } } });
}

/**
 * SQL that is under way until the table `signals` holds this name. Its body stands between apostrophes: of `$$` in a command
 * Kubernetes makes `$`.
 */
export function waitFor(signal: string): string {
  const isThere = `EXISTS (SELECT FROM signals WHERE name = ''${signal}'')`;
  return `DO 'BEGIN WHILE NOT ${isThere} LOOP PERFORM pg_sleep(0.1); END LOOP; END';`;
}

/** The same with the consent of alice, a DBA, to what the gate now denies it for. */
export async function approved(client: Client, object: Manifest): Promise<Manifest> {
  const { stderr } = await client.attempt(["create", "--dry-run=server", "--filename=-"], asDocuments([object]));
  const metadata = Object(object["metadata"]);
  const annotations = { ...metadata.annotations, ...approvalOf(stderr) };
  return { ...object, metadata: { ...metadata, annotations } };
}

function psql(sql: string): readonly string[] {
  return ["psql", "$(DATABASE_URL)", "--set", "ON_ERROR_STOP=1", "--command", sql];
}

/** The SQL of a migration Job, where it looks for it. */
export function sqlConfigMap({ name, namespace }: Pick<Migration, "name" | "namespace">, sql: string): Manifest {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data: { "up.sql": sql } };
}
