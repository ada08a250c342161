import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { field, type Manifest } from "../../deploy/objects.ts";
import { emergencyGroup, emergencyOf } from "../client.ts";
import { namespaceOf, scheduledBackupOf } from "../install/databases.ts";
import { inlineMigrationJob, migrationJob, sqlConfigMap, withSpec } from "../install/migrations.ts";
import { bringGateBack, sendGateAway } from "../install/outage.ts";
import { recover } from "../install/recovery.ts";
import { until } from "../sandbox/until.ts";
import { openScenario } from "../scenario.ts";
import { images } from "../versions.ts";
import { kustomizeController } from "../witnesses/flux.ts";

const enforced = await openScenario("gate-away");
const audited = await openScenario("gate-away-audited");
const { name: namespace, client, flux } = enforced;
const emergency = emergencyOf(client);
const instance = `system:serviceaccount:${namespace}:app-postgres`;
const database = { name: "app-postgres", namespace, method: "plugin" } as const;
const users =
  "CREATE TABLE users (id int PRIMARY KEY, email text); INSERT INTO users SELECT n FROM generate_series(1, 100) n";
const addsPhone = "ALTER TABLE users ADD COLUMN phone text;";
const withPhone = ["id", "email", "phone"];
const run = { name: "migrate-1-4-0", cluster: "app-postgres" };
let gone = 0;

beforeAll(async () => {
  await Promise.all([
    enforced.startDatabase(users),
    audited.startDatabase(users, { mode: "audit", policy: "production" }),
  ]);
  await client.apply([
    scheduledBackupOf(database, "often", "*/20 * * * * *"),
    withSpec(inlineMigrationJob({ ...run, namespace, name: "waiting" }, "SELECT 1"), { suspend: true }),
  ]);
  await enforced.commit("Release 1.3.0", { "app/app.yaml": appOf("1.3.0") });
  await flux.wait("Kustomization", await enforced.follow("app"), ({ status }) => status === "True");
  await sendGateAway(client);
  gone = Date.now();
});
afterAll(() => bringGateBack(client));

test("an enforced namespace refuses migrations while no Pod of the gate is there, and says why", async () => {
  const revision = await enforced.commit("Add users.phone", { "migrate/job.yaml": migration(namespace) });
  const migrate = await enforced.follow("migrate");
  const refused = await flux.wait("Kustomization", migrate, ({ status }) => status === "False");
  expect(refused).toMatchObject({ reason: "ReconciliationFailed", attempted: revision });
  expect(refused.message).toContain(
    `Job/${namespace}/${run.name} dry-run failed (InternalError): Internal error occurred: failed calling webhook "enforced-runs.migration-gate.dev"`,
  );
  expect(writtenBy(enforced, kustomizeController).map(({ name }) => name)).not.toContain(run.name);
  expect(await enforced.database().columns("users")).toEqual(["id", "email"]);
});

test("an audited namespace lets them through", async () => {
  await audited.commit("Add users.phone", { "migrate/job.yaml": migration(audited.name) });
  const migrate = await audited.follow("migrate");
  await flux.wait("Kustomization", migrate, ({ status }) => status === "True");
  expect(writtenBy(audited, kustomizeController)).toMatchObject([
    { resource: "configmaps", name: run.name, code: 201 },
    { resource: "jobs", name: run.name, code: 201 },
  ]);
  expect(await audited.database().columns("users")).toEqual(withPhone);
});

describe("in an enforced namespace it is refused that", () => {
  const of = `--namespace=${namespace}`;
  const refuses = (entry: string) => `failed calling webhook "enforced-${entry}.migration-gate.dev"`;
  test.for<readonly [what: string, entry: string, args: readonly string[], object?: Manifest]>([
    ["a Job is made", "runs", ["create", "job", "hello", of, "--image=hello"]],
    ["a Job is deleted", "runs", ["delete", "job", "waiting", of]],
    ["a suspended Job starts", "runs", ["patch", "job", "waiting", of, "--patch", '{"spec":{"suspend":false}}']],
    ["a CronJob is made", "runs", ["create", "cronjob", "hello", of, "--image=hello", "--schedule=* * * * *"]],
    ["a bare Pod is made", "runs", ["run", "hello", of, "--image=hello"]],
    ["a Cluster is changed", "cluster-changes", merging("cluster/app-postgres", { instances: 2 })],
    ["a Cluster is scaled", "clusters", ["scale", "cluster/app-postgres", of, "--replicas=2"]],
    ["a Cluster is deleted", "clusters", ["delete", "cluster/app-postgres", of]],
    ["a Database is made", "clusters", ["create", "--filename=-"], databaseOf("other")],
    ["a Backup is deleted", "clusters", ["delete", "backups.postgresql.cnpg.io", "--all", of]],
    [
      "the object of an expired Backup is deleted, as the instance manager does",
      "clusters",
      ["delete", "backups.postgresql.cnpg.io", "--all", of, `--as=${instance}`],
    ],
    ["a ScheduledBackup is suspended", "clusters", merging("scheduledbackup/often", { suspend: true })],
    ["an ObjectStore is changed", "clusters", merging("objectstore/store", { retentionPolicy: "1d" })],
    ["a database's volume is deleted", "clusters", ["delete", "pvc", "app-postgres-1", of]],
    ["a volume loses its label", "clusters", ["label", "pvc", "app-postgres-1", of, "cnpg.io/cluster-"]],
    ["the namespace is deleted", "namespaces", ["delete", "namespace", namespace]],
    ["the namespace is relabelled", "namespaces", ["label", "namespace", namespace, "migration-gate.dev/mode-"]],
  ])("%s", async ([_, entry, args, object]) => {
    const { code, stderr } = await client.attempt([...args, "--dry-run=server"], JSON.stringify(object));
    expect(stderr).toContain(refuses(entry));
    expect(code).toBe(1);
  });

  test("somebody executes a command in a Pod", async () => {
    const { code, stderr } = await client.attempt(["exec", of, "app-postgres-1", "--", "true"]);
    expect(stderr).toContain(refuses("runs"));
    expect(code).toBe(1);
  });

  test("CloudNativePG's kinds are deleted, which would take every database of every namespace", async () => {
    const crds = ["clusters.postgresql.cnpg.io", "objectstores.barmancloud.cnpg.io"];
    for (const crd of crds) {
      const { code, stderr } = await client.attempt(["delete", "crd", crd, "--dry-run=server"]);
      expect(stderr).toContain('failed calling webhook "crds.migration-gate.dev"');
      expect(code).toBe(1);
    }
  });
});

test("backups are taken on schedule", async () => {
  const backup = await until(
    "one that was due meanwhile is complete",
    async () => {
      const backups = await client.list("postgresql.cnpg.io/v1", "Backup", namespace);
      return backups.find(
        ({ metadata, status }) =>
          Date.parse(String(field(metadata, "creationTimestamp"))) > gone && field(status, "phase") === "completed",
      );
    },
    180,
  );
  expect(field(backup, "metadata", "labels", "cnpg.io/scheduled-backup")).toBe("often");
  // enough of them
  await emergency.kubectl(["delete", "scheduledbackup/often", `--namespace=${namespace}`]);
});

describe.concurrent("meanwhile", () => {
  test("an app is released by Flux and scaled, with its ConfigMap and Secret", async () => {
    const revision = await enforced.commit("Release 1.4.0", { "app/app.yaml": appOf("1.4.0") });
    await flux.wait(
      "Kustomization",
      `${namespace}-app`,
      ({ status, attempted }) => status === "True" && attempted === revision,
    );
    await client.kubectl(["scale", `--namespace=${namespace}`, "deployment/app", "--replicas=2"]);
    await client.kubectl(["rollout", "status", `--namespace=${namespace}`, "deployment/app", "--timeout=60s"]);
    const pods = await client.list("v1", "Pod", namespace);
    const versions = pods.filter((pod) => field(pod, "metadata", "labels", "app") === "app").map(versionOf);
    expect(versions).toEqual(["1.4.0", "1.4.0"]);
  });

  test("a new Cluster recovers from the backups", async () => {
    const [[targetTime = ""] = []] = await enforced.database().query("SELECT now() AT TIME ZONE 'UTC' || '+00'");
    await enforced.database().query("DELETE FROM users; SELECT pg_switch_wal()");
    await recover(client, { ...database, name: "app-restored" }, { cluster: "app-postgres", targetTime });
    expect(await enforced.database("app-restored").query("SELECT count(*) FROM users")).toEqual([["100"]]);
    expect(await enforced.database().query("SELECT count(*) FROM users")).toEqual([["0"]]);
  });

  test("a replica joins, which the emergency group may ask for, and takes over when the primary dies", async () => {
    await emergency.kubectl(merging("cluster/app-postgres", { instances: 2 }));
    await until("both instances are ready", async () => (await statusOf("readyInstances")) === 2 || undefined, 180);
    await client.kubectl(["delete", "pod", `--namespace=${namespace}`, "app-postgres-1", "--grace-period=1"]);
    await until(
      "the replica is the primary",
      async () => (await statusOf("currentPrimary")) === "app-postgres-2" || undefined,
      180,
    );
    expect(await enforced.database().query("SELECT pg_is_in_recovery()")).toEqual([["f"]]);
  });
});

test("namespaces are deleted with what is in them: one without a label, an audited one, and by the emergency group an enforced one", async () => {
  const names = { other: {}, seen: { mode: "audit" }, guarded: { mode: "enforce" } } as const;
  for (const [name, labels] of Object.entries(names)) {
    const of = `--namespace=gate-away-${name}`;
    await client.apply([namespaceOf(`gate-away-${name}`)]);
    await client.kubectl(["create", "job", "hello", of, `--image=${images.neighbours}`, "--", "true"]);
    await client.apply([namespaceOf(`gate-away-${name}`, labels)]);
  }
  const denied = await client.attempt(["delete", "namespace", "gate-away-guarded", "--wait=false"]);
  expect(denied.stderr).toContain('failed calling webhook "enforced-namespaces.migration-gate.dev"');
  await client.kubectl(["delete", "namespace", "gate-away-other", "gate-away-seen", "--timeout=60s"]);
  await emergency.kubectl(["delete", "namespace", "gate-away-guarded", "--timeout=60s"]);
  const left = (await client.list("v1", "Namespace")).map(({ metadata }) => String(field(metadata, "name")));
  expect(left.filter((name) => /^gate-away-(other|seen|guarded)$/.test(name))).toEqual([]);
});

test("the emergency group runs a migration, and the audit log says who it was", async () => {
  const job = { ...run, namespace, name: "by-hand" };
  // without its label the namespace would let in what Flux tries again, also by a try that is under way
  await suspendMigrations(true);
  const lastTry = '--for=jsonpath={.status.conditions[?(@.type=="Ready")].status}=False';
  await client.kubectl(["wait", "--namespace=flux-system", `kustomization/${namespace}-migrate`, lastTry]);
  await emergency.kubectl(
    ["create", "--filename=-"],
    JSON.stringify(inlineMigrationJob(job, "CREATE TABLE by_hand ()")),
  );
  const failure = await until("its Pod is refused", async () => {
    const events = await client.list("v1", "Event", namespace);
    return events.find(
      ({ reason, involvedObject }) => reason === "FailedCreate" && field(involvedObject, "name") === job.name,
    );
  });
  expect(failure["message"]).toContain('failed calling webhook "enforced-runs.migration-gate.dev"');
  const mode = ["label", "--overwrite", "namespace", namespace];
  const complete = ["wait", `--namespace=${namespace}`, `job/${job.name}`, "--for=condition=Complete", "--timeout=90s"];
  await emergency.kubectl([...mode, "migration-gate.dev/mode=off"]);
  await client.kubectl(complete);
  await emergency.kubectl([...mode, "migration-gate.dev/mode=enforce"]);
  await suspendMigrations(false);
  expect(await enforced.database().columns("by_hand")).toEqual([]);
  const done = enforced.audit
    .events({ user: "admin", dryRun: false })
    .filter(
      ({ groups, name, code }) => groups.includes(emergencyGroup) && code < 300 && [job.name, namespace].includes(name),
    );
  expect(done.map(({ verb, resource, name }) => `${verb} ${resource}/${name}`)).toEqual([
    `create jobs/${job.name}`,
    `patch namespaces/${namespace}`,
    `patch namespaces/${namespace}`,
  ]);
});

test("the API server failed nobody else in the enforced namespace", () => {
  // what Flux breaks off by itself is not among them
  const failed = enforced.audit
    .events({ namespace, code: 500 })
    .filter(({ user, message }) => user !== "admin" && message.includes("failed calling webhook"));
  const jobController = "system:serviceaccount:kube-system:job-controller";
  expect(new Set(failed.map(({ user, resource }) => `${user} ${resource}`))).toEqual(
    new Set([`${kustomizeController} jobs`, `${jobController} pods`, `${instance} backups`]),
  );
});

test("when the gate is back, the next retry passes", async () => {
  const migrate = `${namespace}-migrate`;
  const before = await flux.wait("Kustomization", migrate, ({ message }) => message.includes("failed calling webhook"));
  await bringGateBack(client);
  const ready = await flux.wait("Kustomization", migrate, ({ status }) => status === "True");
  expect(ready.attempted).toBe(before.attempted);
  expect(await enforced.database().columns("users")).toEqual(withPhone);
  const [job] = writtenBy(enforced, kustomizeController).filter(({ resource }) => resource === "jobs");
  expect(job?.annotations).toMatchObject({ "enforced-runs.migration-gate.dev/decision": "warn" });
});

async function suspendMigrations(suspend: boolean): Promise<void> {
  const kustomization = ["--namespace=flux-system", `kustomization/${namespace}-migrate`];
  await client.kubectl(["patch", ...kustomization, "--type=merge", "--patch", JSON.stringify({ spec: { suspend } })]);
}

async function statusOf(name: string): Promise<unknown> {
  return field(await client.read("postgresql.cnpg.io/v1", "Cluster", namespace, "app-postgres"), "status", name);
}

/** What was really written there, by whom. */
function writtenBy(scenario: typeof enforced, user: string) {
  return scenario.audit
    .events({ namespace: scenario.name, user, dryRun: false })
    .filter(({ code }) => code > 0 && code < 300);
}

function migration(of: string): readonly Manifest[] {
  return [sqlConfigMap({ ...run, namespace: of }, addsPhone), migrationJob({ ...run, namespace: of })];
}

function merging(object: string, spec: Manifest): readonly string[] {
  return ["patch", object, `--namespace=${namespace}`, "--type=merge", "--patch", JSON.stringify({ spec })];
}

function databaseOf(name: string): Manifest {
  return {
    ...{ apiVersion: "postgresql.cnpg.io/v1", kind: "Database", metadata: { name, namespace } },
    spec: { name, owner: "app", cluster: { name: "app-postgres" } },
  };
}

/** A Deployment whose Pods say which release they are, with settings and a password of that release. */
function appOf(version: string): readonly Manifest[] {
  const metadata = { name: "app", namespace };
  const labels = { app: "app" };
  const container = {
    ...{ name: "app", image: images.neighbours, command: ["sleep", "infinity"] },
    env: [{ name: "VERSION", value: version }],
    envFrom: [{ configMapRef: { name: "app" } }, { secretRef: { name: "app" } }],
  };
  return [
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: { SETTINGS: version } },
    { apiVersion: "v1", kind: "Secret", metadata, stringData: { PASSWORD: version } },
    {
      ...{ apiVersion: "apps/v1", kind: "Deployment", metadata },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers: [container] } },
      },
    },
  ];
}

function versionOf(pod: Manifest): unknown {
  return field(pod, "spec", "containers", 0, "env", 0, "value");
}
