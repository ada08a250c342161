import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli } from "./commands/run-cli.ts";

const root = join(import.meta.dirname, "..");
const cluster = ["--cluster", join(root, "examples/cluster")];
const policies = ["--policies", join(root, "policies")];
/** looks like nothing, so that only its place can give it away */
const value = "Kx9Lm2Qq";
const atApp = "app-postgres-rw";

const commands: readonly (readonly string[])[] = [
  ["goose", "mysql", `u:${value}@tcp(${atApp}:3306)/app`, "reset"],
  ["/bin/thing", `mysql://${value}@h/app?apikey=${value}`],
  ["/bin/thing", value],
  ["mysql", `-h${atApp}`, `-p${value}`, "app", "-e", `DROP USER '${value}'`],
  ["mysql", "-e", `ALTER USER a IDENTIFIED BY ${value}`],
  ["mysql", "-e", `ALTER USER a IDENTIFIED BY "${value}"; DROP TABLE a`],
  ["psql", "-v", `pw=${value}`, "-c", "DROP TABLE a"],
  ["psql", `-vpw=${value}`, "-c", "DROP TABLE a"],
  ["psql", "--set", `k=${value}`, "-c", "DROP TABLE a"],
  ["psql", `host=${atApp} dbname=app password = ${value}`, "-c", "DROP TABLE a"],
  ["psql", `postgres://u:${value}/x@${atApp}/app`, "-c", "DROP TABLE a"],
  ["psql", "-c", `ALTER ROLE a PASSWORD ${value}`],
  ["psql", "-c", `ALTER ROLE a ${value}`],
  ["psql", "-c", `CREATE ROLE a LOGIN PASSWORD '${value}'; DROP ROLE b`],
  ["psql", "-c", `DO $$ BEGIN PERFORM ${value}( '; END $$`],
  ["psql", "-c", `SELECT 1 WHERE '${value}`],
  ["psql", "-c", `\\connect 'password=${value}'`],
  ["sqlcmd", "-P", value],
  ["redis-cli", "-a", value],
  ["mongosh", "--eval", `x('${value}')`],
  ["sh", "-c", `X=${value}; psql -c "DROP TABLE t" "postgres://u:$X@${atApp}/app"; thing ${value}; eval "$Y ${value}"`],
  ["sh", "-c", `printf 'ALTER ROLE a PASSWORD ${value};\nDROP TABLE x;\n' | psql -v ON_ERROR_STOP=1`],
  ["sh", "-c", `psql -c "SELECT \${${value}`],
  ["flyway", `-initSql=SET x='${value}'`, `-url=jdbc:postgresql://${atApp}/app?x=${value}`, "clean"],
  ["liquibase", `--url=jdbc:postgresql://${atApp}/app?password=${value}`, `-Dx=${value}`, "drop-all"],
];

/** steps that are approved as the commands they are */
const opaque = commands.filter(([program = ""]) =>
  ["goose", "/bin/thing", "sqlcmd", "redis-cli", "mongosh"].includes(program),
);

function manifests(secret: string, run: readonly (readonly string[])[]): string {
  const jobs = run.map((command, at) => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: `j${at}`, namespace: "production" },
    spec: { template: { spec: { restartPolicy: "Never", containers: [container(command, secret)] } } },
  }));
  return jobs.map((job) => JSON.stringify(job)).join("\n---\n");
}

function container(command: readonly string[], secret: string) {
  const env = [
    { name: "PGHOST", value: atApp },
    { name: "PGDATABASE", value: "app" },
  ];
  return { name: "m", image: "postgres:17", env, command: command.map((text) => text.replaceAll(value, secret)) };
}

describe("no literal of a user's SQL and no password is shown", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "gate-"));
    writeFileSync(join(folder, "jobs.yaml"), manifests(value, commands));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.for<readonly [string, readonly string[]]>([
    ["inspect", cluster],
    ["inspect", [...cluster, "-o", "json"]],
    ["check", [...cluster, ...policies]],
    ["check", [...cluster, ...policies, "-o", "json"]],
    ["digest", cluster],
    ["digest", [...cluster, "-o", "json"]],
  ])("by %s %j", async ([name, options]) => {
    const { out, err } = await runCli([name, join(folder, "jobs.yaml"), ...options]);
    expect(err).toBe("");
    expect(out).toContain("thing");
    expect(`${out}${err}`.split("\n").filter((line) => line.includes(value))).toEqual([]);
  });

  it("and yet no two arguments have one digest", async () => {
    const digests = await Promise.all(
      [value, "Zz8"].map(async (secret) => (await runCli(["digest", "-", ...cluster], manifests(secret, opaque))).out),
    );
    const [first = [], second = []] = digests.map((out) => out.match(/sha256:[0-9a-f]{64}/g) ?? []);
    expect(new Set([...first, ...second]).size).toBe(2 * opaque.length);
    expect(digests[0]?.replaceAll(/sha256:\w+/g, "")).toBe(digests[1]?.replaceAll(/sha256:\w+/g, ""));
  });
});
