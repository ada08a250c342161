import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";

/** One kind of review to send: the body, and the objects it reads from the cluster. */
export interface BenchCase {
  readonly name: string;
  readonly body: string;
  readonly objects: readonly unknown[];
}

const review: { readonly request: Readonly<Record<string, unknown>> } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../examples/reviews/create-add-column-job.json"), "utf8"),
);

const database = [
  { name: "PGHOST", value: "app-postgres-rw" },
  { name: "PGDATABASE", value: "app" },
  { name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: "app-postgres-app", key: "password" } } },
];

function job(container: Readonly<Record<string, unknown>>, volumes: readonly unknown[] = []): string {
  const spec = { template: { spec: { restartPolicy: "Never", containers: [{ name: "m", ...container }], volumes } } };
  const metadata = { name: "bench", namespace: "production", uid: "b" };
  const object = { apiVersion: "batch/v1", kind: "Job", metadata, spec };
  return JSON.stringify({ ...review, request: { ...review.request, name: "bench", object } });
}

const psql = { image: "ghcr.io/cloudnative-pg/postgresql:17.12", env: database };

function mounted(name: string, data: Readonly<Record<string, string>>): BenchCase {
  const container = {
    ...psql,
    command: ["sh", "-ec", "for f in /sql/*.sql; do psql -v ON_ERROR_STOP=1 -f $f; done"],
    volumeMounts: [{ name: "sql", mountPath: "/sql" }],
  };
  const configMap = name.replaceAll(/\W+/g, "-");
  return {
    name,
    body: job(container, [{ name: "sql", configMap: { name: configMap } }]),
    objects: [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: configMap, namespace: "production" }, data }],
  };
}

const addColumn = (n: number) => `ALTER TABLE users ADD COLUMN extra_${n} text DEFAULT 'x${n}';\n`;
const many = (count: number, start = 0) => Array.from({ length: count }, (_, n) => addColumn(start + n)).join("");

/** `count` files of about 2 KB. */
const files = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`${String(n).padStart(3, "0")}.sql`, many(36, n * 36)]));

/** The cases of the table in docs/performance.md. */
export const benchCases: readonly BenchCase[] = [
  {
    name: "no migration",
    body: job({ image: "docker.io/curlimages/curl:8.10.1", command: ["curl", "-fsS", "https://example.com/ping"] }),
    objects: [],
  },
  {
    name: "one inline statement",
    body: job({ ...psql, command: ["psql", "-v", "ON_ERROR_STOP=1", "-c", addColumn(1)] }),
    objects: [],
  },
  mounted("50 files, 100 KB", files(50)),
  mounted("1 MiB of SQL", { "up.sql": many(Math.floor((1024 * 1024 - 64) / addColumn(10_000).length), 10_000) }),
];

/** A Job with `count` statements that no cache has seen: `salt` makes them so. */
export function coldJob(count: number, salt: number): string {
  const sql = Array.from({ length: count }, (_, n) => `ALTER TABLE t${salt}_${n} ADD COLUMN c text;`).join("\n");
  return job({ ...psql, command: ["psql", "-v", "ON_ERROR_STOP=1", "-c", sql] });
}

/** All objects of all cases as one YAML file for the files adapter. */
export function benchObjects(): string {
  return benchCases.flatMap(({ objects }) => objects.map((object) => stringify(object))).join("---\n");
}
