import { describe, expect, it } from "vitest";
import { configMap, one, runOf } from "./manifests.ts";

type Json = Readonly<Record<string, unknown>>;

const command = ["psql", "-c", "DROP TABLE users"];
const literal = (name: string) => ({ command, env: [{ name, value: "x" }] });
const mounted = (mountPath: string, more: Json = {}) =>
  one(
    { command, volumeMounts: [{ name: "v", mountPath, ...more }] },
    { volumes: [{ name: "v", configMap: { name: "sql" } }] },
  );

async function reasons(podSpec: Json, images: readonly string[] = []): Promise<readonly string[]> {
  const { steps } = await runOf("job", podSpec, [configMap], { images });
  expect(steps.flatMap(({ sql }) => sql.map(({ text }) => text))).toContain("DROP TABLE users");
  return steps
    .filter(({ sql }) => sql.length > 0)
    .flatMap(({ opaque }) => opaque.map(({ kind, reason }) => `${kind}: ${reason}`));
}

describe("readable SQL counts as what will run", () => {
  it.each<[string, Json]>([
    ["in a usual client", one({ command })],
    ["in CNPG's image", one({ command, image: "ghcr.io/cloudnative-pg/postgresql:17.6" })],
    ["with a harmless probe", one({ command, livenessProbe: { exec: { command: ["pg_isready"] } } })],
    ["with an http probe", one({ command, livenessProbe: { httpGet: { path: "/", port: 80 } } })],
    ["with a volume where no program lives", mounted("/sql")],
    [
      "with HOME on an emptyDir of its own",
      one(
        { command, env: [{ name: "HOME", value: "/tmp" }], volumeMounts: [{ name: "v", mountPath: "/tmp" }] },
        { volumes: [{ name: "v", emptyDir: {} }] },
      ),
    ],
    [
      "beside another container's hook",
      {
        containers: [
          { name: "main", image: "postgres:17", command },
          {
            name: "proxy",
            image: "envoy",
            command: ["envoy"],
            lifecycle: { preStop: { exec: { command: ["sleep", "5"] } } },
          },
        ],
      },
    ],
  ])("%s", async (_, podSpec) => {
    expect(await reasons(podSpec)).toEqual([]);
  });

  it("in an image that policy names", async () => {
    expect(await reasons(one({ command, image: "localhost/postgresql:17.12" }), ["localhost/*"])).toEqual([]);
  });
});

describe("readable SQL is opaque too", () => {
  it.each<[string, Json, string]>([
    [
      "in an image nobody vouches for",
      one({ command, image: "me/postgres:17" }),
      "image me/postgres:17 is none that policy knows",
    ],
    [
      "under a name that only looks like the client's",
      one({ command, image: "evil.example/library/postgres" }),
      "none that policy knows",
    ],
    [
      "with a connection string's options",
      one({ command: ["psql", "postgres://pg-rw/app?options=-crole%3Dx", ...command.slice(1)] }),
      "options= in the connection string",
    ],
    [
      "with a psqlrc of one version in HOME",
      one(
        { command, env: [{ name: "HOME", value: "/h" }], volumeMounts: [{ name: "v", mountPath: "/h" }] },
        { volumes: [{ name: "v", secret: { secretName: "s", items: [{ key: "k", path: ".psqlrc-17" }] } }] },
      ),
      "/h/.psqlrc-17 runs before the SQL",
    ],
    [
      "with HOME on a claim",
      one(
        { command, env: [{ name: "HOME", value: "/h" }], volumeMounts: [{ name: "v", mountPath: "/h" }] },
        { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "c" } }] },
      ),
      "volume v may bring start-up files into /h",
    ],
    ["with PSQLRC", one(literal("PSQLRC")), "PSQLRC runs a file before the SQL"],
    ["with PGOPTIONS", one(literal("PGOPTIONS")), "PGOPTIONS sets server parameters"],
    ["with PGSERVICE", one(literal("PGSERVICE")), "PGSERVICE takes the connection"],
    ["with PGCLIENTENCODING", one(literal("PGCLIENTENCODING")), "PGCLIENTENCODING changes"],
    ["with BASH_ENV", one(literal("BASH_ENV")), "variable BASH_ENV"],
    ["with ENV", one(literal("ENV")), "variable ENV"],
    ["with LD_PRELOAD", one(literal("LD_PRELOAD")), "variable LD_PRELOAD"],
    ["with PATH", one(literal("PATH")), "variable PATH"],
    ["with a function in the environment", one(literal("BASH_FUNC_psql%%")), "defines a shell function"],
    ["with shareProcessNamespace", one({ command }, { shareProcessNamespace: true }), "share their processes"],
    ["with hostAliases", one({ command }, { hostAliases: [{ ip: "10.0.0.1", hostnames: ["pg"] }] }), "hostAliases"],
    ["with a DNS of its own", one({ command }, { dnsPolicy: "None" }), "dnsPolicy None"],
    [
      "with a lifecycle hook",
      one({ command, lifecycle: { postStart: { exec: { command: ["/x.sh"] } } } }),
      "lifecycle hook",
    ],
    [
      "with an exec probe that does more",
      one({ command, startupProbe: { exec: { command: ["sh", "-c", "./x"] } } }),
      "exec probe",
    ],
    ["with a volume over /usr/bin", mounted("/usr/bin"), "mounted at /usr/bin"],
    ["with a volume over one program", mounted("/usr/bin/psql", { subPath: "up.sql" }), "mounted at /usr/bin/psql"],
    ["with a volume over the root", mounted("/"), "mounted at /"],
    ["with a .psqlrc", mounted("/root/.psqlrc", { subPath: "up.sql" }), "/root/.psqlrc"],
    [
      "by a psql of somebody's own",
      one({ command: ["/scripts/psql", "-c", "DROP TABLE users"] }),
      "/scripts/psql is not where",
    ],
  ])("%s", async (_, podSpec, reason) => {
    const found = await reasons(podSpec);
    expect(found.filter((text) => text.startsWith("untrusted: ") && text.includes(reason))).not.toEqual([]);
  });
});
