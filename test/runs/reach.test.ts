import { describe, expect, it } from "vitest";
import { clusterOf } from "../pods/pod.ts";
import { one, runOf } from "./manifests.ts";

type Json = Readonly<Record<string, unknown>>;

const clusters = [
  clusterOf("pg", "shop", {
    bootstrap: { initdb: { secret: { name: "owner" } } },
    superuserSecret: { name: "boss" },
    managed: { roles: [{ name: "r", passwordSecret: { name: "reader" } }] },
  }),
  clusterOf("far", "data"),
];
const own = (container: Json, more: Json = {}) =>
  one({ image: "registry.example/app:1", command: ["/app"], ...container }, more);
const fromSecret = (name: string) => own({ env: [{ name: "X", valueFrom: { secretKeyRef: { name, key: "k" } } }] });
const literal = (name: string, value: string) => own({ env: [{ name, value }] });
const app = (container: Json) => ({ ...container, image: "registry.example/web:1" });

describe("what passes untouched", () => {
  it.each<[string, string, Json]>([
    ["a Job of an own program", "job", own({})],
    ["a Job without a command", "job", one({ image: "registry.example/app:1" })],
    [
      "a CronJob that calls a URL",
      "cron-job",
      one({ image: "curlimages/curl", command: ["curl", "-fsS", "https://example.org/ping"] }),
    ],
    [
      "a CronJob with a shell script",
      "cron-job",
      one({ image: "busybox", command: ["sh", "-c", "date; wget -q http://web/cron | grep ok"] }),
    ],
    [
      "a Job on redis",
      "job",
      own({
        env: [
          { name: "REDIS_URL", value: "redis://redis:6379" },
          { name: "REDIS_HOST", value: "redis" },
        ],
      }),
    ],
    ["a Job with some Secret", "job", own({ envFrom: [{ secretRef: { name: "smtp" } }] })],
    ["a Secret that is a Cluster's in another namespace", "job", fromSecret("far-app")],
    [
      "a wait for the database, and nothing else",
      "job",
      one({ command: ["sh", "-c", "until pg_isready -h pg-rw; do sleep 1; done"] }),
    ],
    [
      "a database server of its own",
      "stateful-set",
      one({
        env: [
          { name: "POSTGRES_PASSWORD", value: "x" },
          { name: "PGDATA", value: "/data" },
        ],
      }),
    ],
    [
      "a Job on a volume that is no instance's",
      "job",
      own(
        { volumeMounts: [{ name: "d", mountPath: "/d" }] },
        { volumes: [{ name: "d", persistentVolumeClaim: { claimName: "pg-backups" } }] },
      ),
    ],
    ["a redis StatefulSet", "stateful-set", one({ image: "redis:7", command: ["redis-server", "/conf/redis.conf"] })],
    ["a DaemonSet that collects logs", "daemon-set", one({ image: "fluent/fluent-bit:3" })],
    [
      "a web Deployment that uses the database",
      "deployment",
      one(app({ env: [{ name: "DATABASE_URL", value: "postgres://pg-rw/app" }] })),
    ],
    [
      "a web Deployment in a shell",
      "deployment",
      one(app({ command: ["sh", "-c", "exec node server.js"], env: [{ name: "PGHOST", value: "pg-rw" }] })),
    ],
    [
      "a Django server",
      "deployment",
      one(app({ command: ["python", "manage.py", "runserver"], env: [{ name: "PGHOST", value: "pg-rw" }] })),
    ],
    ["a queue worker of Laravel", "deployment", one(app({ command: ["php", "artisan", "queue:work"] }))],
    [
      "an own program called migrate, that says nothing of a database",
      "job",
      one({ image: "registry.example/app:1", command: ["/migrate"] }),
    ],
    [
      "an initContainer that waits",
      "deployment",
      {
        initContainers: [
          { name: "w", image: "postgres:17", command: ["sh", "-c", "until pg_isready -h pg-rw; do sleep 1; done"] },
        ],
        containers: [{ name: "web", image: "nginx" }],
      },
    ],
  ])("%s", async (_, source, podSpec) => {
    const run = await runOf(source, podSpec, clusters);
    expect([run.reaches, run.steps]).toEqual([false, []]);
  });
});

describe("what is a run", () => {
  it.each<[string, string, Json]>([
    ["a Secret by CNPG's name", "job", fromSecret("pg-app")],
    ["the superuser's Secret by CNPG's name", "job", fromSecret("pg-superuser")],
    ["a Secret that the bootstrap names", "job", fromSecret("owner")],
    ["a Secret that superuserSecret names", "job", fromSecret("boss")],
    ["a managed role's Secret", "job", fromSecret("reader")],
    [
      "a Cluster's Secret in a volume",
      "job",
      own(
        { volumeMounts: [{ name: "s", mountPath: "/s" }] },
        { volumes: [{ name: "s", secret: { secretName: "pg-app" } }] },
      ),
    ],
    ["a Cluster's host in any variable", "job", literal("SERVER", "pg-rw.shop.svc:5432")],
    ["a Cluster's host in another namespace", "job", literal("SERVER", "far-rw.data")],
    ["a database URL in the arguments", "job", own({ args: ["--to=postgres://u@host/db"] })],
    ["PGHOST", "job", literal("PGHOST", "somewhere")],
    ["DATABASE_URL", "job", literal("DATABASE_URL", "x")],
    ["POSTGRES_PASSWORD", "job", literal("POSTGRES_PASSWORD", "x")],
    [
      "a volume of a Cluster's instance",
      "job",
      own(
        { volumeMounts: [{ name: "d", mountPath: "/d" }] },
        { volumes: [{ name: "d", persistentVolumeClaim: { claimName: "pg-1" } }] },
      ),
    ],
    ["a JDBC URL", "job", literal("SPRING_DATASOURCE_URL", "jdbc:postgresql://h/d")],
    ["a switch for migrations", "job", literal("RUN_MIGRATIONS", "true")],
    ["a client's image", "job", one({ command: ["/renamed-client", "-c", "DROP TABLE t"] })],
    ["a client that another program starts", "job", own({ command: ["watch", "psql -c 'DROP TABLE t'"] })],
    ["a bare Pod with DATABASE_URL", "pod", literal("DATABASE_URL", "x")],
    [
      "a program in an initContainer of a Deployment",
      "deployment",
      {
        initContainers: [
          {
            name: "m",
            image: "registry.example/web:1",
            command: ["/migrate"],
            env: [{ name: "PGHOST", value: "pg-rw" }],
          },
        ],
        containers: [{ name: "web", image: "registry.example/web:1" }],
      },
    ],
  ])("by %s, its program is opaque", async (_, source, podSpec) => {
    const run = await runOf(source, podSpec, clusters);
    expect(run.steps.map(({ tool, opaque }) => [tool, opaque.map(({ kind }) => kind)])).toEqual([[null, ["program"]]]);
  });

  it.each<[string, string, Json, string]>([
    [
      "a tool in a Job that names no database",
      "job",
      own({ command: ["npx", "prisma", "migrate", "deploy"] }),
      "prisma",
    ],
    ["psql without any variable", "cron-job", one({ command: ["psql", "-c", "DELETE FROM t"] }), "psql"],
    [
      "a tool before the server in a Deployment",
      "deployment",
      one(app({ command: ["sh", "-c", "alembic upgrade head && exec uvicorn app"] })),
      "alembic",
    ],
    [
      "a native sidecar",
      "job",
      {
        initContainers: [
          { name: "s", image: "postgres:17", restartPolicy: "Always", command: ["psql", "-c", "DROP TABLE t"] },
        ],
        containers: [{ name: "m", image: "busybox", command: ["true"] }],
      },
      "psql",
    ],
    [
      "an ephemeral container",
      "pod",
      {
        containers: [{ name: "m", image: "nginx" }],
        ephemeralContainers: [{ name: "d", image: "postgres:17", command: ["psql", "-c", "DROP TABLE t"] }],
      },
      "psql",
    ],
    [
      "a lifecycle hook",
      "deployment",
      one(app({ lifecycle: { postStart: { exec: { command: ["sh", "-c", "psql -c 'DROP TABLE t'"] } } } })),
      "psql",
    ],
  ])("%s", async (_, source, podSpec, tool) => {
    expect((await runOf(source, podSpec, clusters)).steps.map((step) => step.tool)).toEqual([tool]);
  });

  it("stricter, where any Secret may hold a database's address", async () => {
    const podSpec = own({ envFrom: [{ secretRef: { name: "smtp" } }] });
    const run = await runOf("job", podSpec, clusters, { unknownWorkloads: "deny" });
    expect(run.steps.flatMap(({ opaque }) => opaque.map(({ kind }) => kind))).toEqual(["program"]);
  });
});
