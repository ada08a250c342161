import { writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Manifest } from "../../deploy/objects.ts";
import { binariesOf, moduleOf } from "../build/binaries.ts";
import { asDocuments, createClient, emergencyGroup, emergencyOf, type Said } from "../client.ts";
import { definitions, openControlPlane } from "../control-plane-scenario.ts";
import { clusterOf, namespaceOf, storeObjects } from "../install/databases.ts";
import { fluxObjects } from "../install/flux.ts";
import { inlineMigrationJob, migrationJob, sqlConfigMap } from "../install/migrations.ts";
import { personOf } from "../people.ts";
import { playOperator } from "../played-operator.ts";
import { kustomizeController } from "../witnesses/flux.ts";

const { client, gate, audit } = await openControlPlane("14-everyone");
const namespace = "production";
const app = { namespace, name: "app-postgres", method: "plugin" } as const;
const dropPhone = "ALTER TABLE users DROP COLUMN phone";
const drop = inlineMigrationJob({ name: "drop-phone", namespace, cluster: app.name }, dropPhone);
const documents = asDocuments([drop]);
const release = {
  ...{ apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" },
  metadata: { name: "release", namespace: "flux-system" },
  spec: { interval: "10m", path: "./release", prune: true, sourceRef: { kind: "GitRepository", name: "release" } },
};

await client.apply(await definitions());
await client.apply(
  (await fluxObjects()).filter(({ kind }) => /^(Namespace|CustomResourceDefinition|ClusterRole)$/.test(String(kind))),
);
await client.kubectl(["wait", "crd", "--all", "--for=condition=Established"]);
await client.apply([namespaceOf(namespace, { mode: "enforce" }), namespaceOf("elsewhere")]);
await client.apply([...storeObjects(namespace), clusterOf(app), release]);
await client.apply([{ apiVersion: "v1", kind: "Node", metadata: { name: "node" } }]);
await playOperator(client).settle(app);
await playOperator(client).addInstance(app, "node");
for (const [user, role] of [
  ["dana", "edit"],
  ["root", "cluster-admin"],
])
  await client.kubectl(["create", "clusterrolebinding", `${user}`, `--clusterrole=${role}`, `--user=${user}`]);
await client.kubectl([
  "create",
  "clusterrolebinding",
  "flux",
  "--clusterrole=cluster-admin",
  `--user=${kustomizeController}`,
]);
const dana = await personOf(client, "dana", gate.folder);
const root = await personOf(client, "root", gate.folder);

/** What the gate says, without what the program that asked says around it. */
function denial({ stderr }: Said): string {
  return /denied the request: (denied \[MG-[\s\S]*?\(docs\/\w+\.md#[\w-]+\))/.exec(stderr)?.[1] ?? stderr;
}

const expected = [
  "denied [MG-DENIED]: 1 statement may not run on Cluster production/app-postgres yet",
  "  drop-column  ALTER TABLE users DROP COLUMN phone   Job production/drop-phone spec.template.spec.containers[migrate].command[1]:1",
  "    deletes the column and its data; only a restore brings it back",
];

describe("one migration, and whoever brings it", () => {
  const applying = ["apply", "--server-side", "--field-manager=kustomize-controller", "--force-conflicts", "-f", "-"];
  const ways = [
    ["kubectl create", dana, ["create", "-f", "-"]],
    ["kubectl create, only asking", dana, ["create", "--dry-run=server", "-f", "-"]],
    ["kubectl apply", dana, ["apply", "-f", "-"]],
    ["kubectl apply, server side", dana, ["apply", "--server-side", "-f", "-"]],
    ["a person who is cluster-admin", root, ["create", "-f", "-"]],
    ["a person of the group system:masters", client, ["create", "-f", "-"]],
    ["Flux, as it first asks", client.as(kustomizeController), [...applying, "--dry-run=server"]],
    ["Flux, as it applies", client.as(kustomizeController), applying],
  ] as const;

  test.each(ways)("%s", async (_who, who, args) => {
    const said = await who.attempt(args, documents);
    expect(said.code).not.toBe(0);
    expect(denial(said).split("\n").slice(0, 3)).toEqual(expected);
  });

  test("all of them were told the same, and the audit log has each with the code 403", async () => {
    const answers = await Promise.all(ways.map(([, who, args]) => who.attempt(args, documents)));
    expect(new Set(answers.map(denial)).size).toBe(1);
    const denied = audit.events({ resource: "jobs", namespace, code: 403 });
    expect(new Set(denied.map(({ user }) => user))).toEqual(new Set(["dana", "root", "admin", kustomizeController]));
    expect(audit.events({ resource: "jobs", namespace, code: 201 })).toEqual([]);
  });

  test("good: each of them brings what only adds", async () => {
    for (const [index, [, who, args]] of ways.entries()) {
      const migration = { name: `add-email-${index}`, namespace, cluster: app.name };
      const add = asDocuments([inlineMigrationJob(migration, "ALTER TABLE users ADD email text")]);
      expect(await who.attempt(args, add)).toMatchObject({ code: 0 });
    }
  });
});

describe("what a person does by hand", () => {
  const run = ["run", "by-hand", "--namespace", namespace, "--image=postgres:17", "--restart=Never", "--command", "--"];
  const psql = ["psql", "--host=app-postgres-rw", "--dbname=app", "--command", dropPhone];
  const exec = ["exec", "--namespace", namespace, "app-postgres-1", "--", "psql", "--dbname=app", "--command"];

  test("a Pod of one's own is a run like any other, for cluster-admin too", async () => {
    const event = { resource: "pods", namespace, name: "by-hand", code: 403 };
    const said = await root.attempt([...run, ...psql]);
    expect(said.stderr).toContain(expected[0]);
    expect(audit.events(event).map(({ user }) => user)).toEqual(["root"]);
  });

  const execsDenied = () => audit.events({ resource: "pods", subresource: "exec", code: 403 });

  test("SQL on the command line of kubectl exec is a run too", async () => {
    const said = await root.attempt([...exec, dropPhone]);
    expect(said.stderr).toContain(expected[0]);
    expect(execsDenied().map(({ user }) => user)).toContain("root");
  });

  test("good: what only looks is let through, up to the node that is not there", async () => {
    const before = execsDenied().length;
    const said = await root.attempt([...exec, "SELECT count(*) FROM users"]);
    expect(said.stderr).toContain("no preferred addresses found");
    expect(execsDenied()).toHaveLength(before);
  });

  test("who wears the emergency group passes, and the audit log says who wore it", async () => {
    const emergency = emergencyOf(client);
    await emergency.kubectl([...run, ...psql]);
    const [event] = audit.events({ resource: "pods", name: "by-hand", code: 201 });
    expect(event?.groups).toContain(emergencyGroup);
    expect(event?.annotations).not.toHaveProperty("enforced-runs.migration-gate.dev/decision");
  });
});

describe("a Job in a namespace without a label", () => {
  /** A Job there that connects to this host. */
  function jobAt(host: string, sql: string): Manifest {
    const env = [
      { name: "PGHOST", value: host },
      { name: "PGDATABASE", value: "app" },
    ];
    const container = { name: "m", image: "postgres:17", command: ["psql", "--command", sql], env };
    return {
      ...{ apiVersion: "batch/v1", kind: "Job", metadata: { generateName: "far-", namespace: "elsewhere" } },
      spec: { template: { spec: { restartPolicy: "Never", containers: [container] } } },
    };
  }

  test.each(["app-postgres-rw.production", "app-postgres-rw.production.svc.cluster.local"])(
    "that reaches %s is judged as one in that namespace",
    async (host) => {
      const said = await dana.attempt(["create", "-f", "-"], asDocuments([jobAt(host, dropPhone)]));
      expect(said.stderr).toContain(
        `admission webhook "unlabelled-runs.migration-gate.dev" denied the request: ${expected[0]}`,
      );
      const [event] = audit.events({ resource: "jobs", namespace: "elsewhere", code: 403 });
      expect(event?.annotations["unlabelled-runs.migration-gate.dev/policy"]).toBe("production");
    },
  );

  test("good: one that only adds there, and one that drops in a database of its own", async () => {
    const add = jobAt("app-postgres-rw.production", "ALTER TABLE users ADD mobile text");
    await dana.kubectl(["create", "-f", "-"], asDocuments([add]));
    await dana.kubectl(["create", "-f", "-"], asDocuments([jobAt("postgres.elsewhere", dropPhone)]));
  });
});

describe("flux diff", () => {
  const name = "drop-mail";
  const migration = { name, namespace, cluster: app.name };

  /** `flux diff` by dana of a folder with these objects. */
  async function diff(objects: readonly Manifest[]): Promise<Said> {
    const folder = await mkdtemp(join(gate.folder, "release-"));
    writeFileSync(join(folder, "objects.yaml"), asDocuments(objects));
    const program = join(await binariesOf(moduleOf("flux"), (line) => process.stderr.write(`${line}\n`)), "flux");
    const args = [
      "diff",
      "kustomization",
      "release",
      "--namespace=flux-system",
      "--path",
      folder,
      "--progress-bar=false",
    ];
    return await createClient(program, dana.kubeconfig).attempt(args);
  }

  test("is told the same, of SQL that is in no cluster yet", async () => {
    const objects = [sqlConfigMap(migration, "ALTER TABLE users DROP COLUMN mail;\n"), migrationJob(migration)];
    const said = await diff(objects);
    expect(said.code).not.toBe(0);
    expect(said.stderr).toContain(expected[0]);
    expect(said.stderr).toContain(
      "drop-column  ALTER TABLE users DROP COLUMN mail   ConfigMap production/drop-mail up.sql:1",
    );
    const events = audit.events({ resource: "jobs", user: "dana", name, dryRun: true });
    expect(events.map(({ verb, code }) => `${verb} ${code}`)).toEqual(["patch 403"]);
  });

  test("good: of what only adds it shows what would be made", async () => {
    const added = { name: "add-mail", namespace, cluster: app.name };
    const said = await diff([sqlConfigMap(added, "ALTER TABLE users ADD mail text;\n"), migrationJob(added)]);
    expect(said.stdout + said.stderr).toContain("Job/production/add-mail created");
  });
});
