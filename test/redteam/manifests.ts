import type { KubernetesObject } from "../../src/model/kubernetes.ts";

export type Fields = Readonly<Record<string, unknown>>;

export const client = "ghcr.io/cloudnative-pg/postgresql:17.12";

const fromSecret = (key: string) => ({ valueFrom: { secretKeyRef: { name: "app-postgres-app", key } } });

/** Environment of a client of the Cluster in `examples/cluster`. */
export const connection: readonly Fields[] = [
  { name: "PGHOST", value: "app-postgres-rw" },
  { name: "PGDATABASE", value: "app" },
  { name: "PGUSER", ...fromSecret("username") },
  { name: "PGPASSWORD", ...fromSecret("password") },
];

export function job(containers: readonly Fields[], pod: Fields = {}): KubernetesObject {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "mig", namespace: "production" },
    spec: { backoffLimit: 0, template: { spec: { restartPolicy: "Never", containers, ...pod } } },
  };
}

export function configMap(name: string, data: Readonly<Record<string, string>>): KubernetesObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "production" }, data };
}

function clientJob(command: readonly string[], env: readonly Fields[], data: Readonly<Record<string, string>>) {
  const volumeMounts = [{ name: "sql", mountPath: "/sql" }];
  const main = { name: "m", image: client, command, env: [...connection, ...env], volumeMounts };
  return [job([main], { volumes: [{ name: "sql", configMap: { name: "sql" } }] }), configMap("sql", data)];
}

const stopping = ["psql", "-v", "ON_ERROR_STOP=1", "-f", "/sql/up.sql"];

/** psql over a mounted text at /sql/up.sql. */
export function sqlJob(text: string, command: readonly string[] = stopping): readonly KubernetesObject[] {
  return clientJob(command, [], { "up.sql": text });
}

/** A script in the client's image, with the files below at /sql, SQL and DATABASE_URL from Secrets. */
export function shellJob(shell: string, script: string): readonly KubernetesObject[] {
  const env = [
    { name: "SQL", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
    { name: "DATABASE_URL", ...fromSecret("uri") },
  ];
  return clientJob([shell, "-c", script], env, files);
}

const files = {
  "drop.sql": "DROP TABLE users;\n",
  "ok.sql": "ALTER TABLE users ADD COLUMN c int;\n",
  "run.sh": "psql -f /sql/drop.sql\n",
  list: "drop.sql\n",
  args: "-f /sql/drop.sql\n",
  b64: "RFJPUCBUQUJMRSB1c2Vyczs=\n",
  "keep.sql": "KEEP TABLE users;\n",
  "tpl.sql": "$" + "{VERB} TABLE users;\n",
  "rev.sql": ";sresu ELBAT PORD\n",
  "cut.sql": "xDROP TABLE users;\n",
  "copy.sql": "\\copy a to '/tmp/a.sql'\n",
  "var.sql": "DROP TABLE :x;\n",
  "bare.sql": ":sql;\n",
  "inc.sql": "\\i /sql/drop.sql\n",
  "sl.sql": "DROP TABLE users\nSELECT 1\n",
  "b.sql": "SELECT 1;\n",
};
