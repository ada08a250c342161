import { expect, test, vi } from "vitest";
import { field, type Manifest } from "../../deploy/objects.ts";
import { clusterOf, namespaceOf, recoveryOf, storeObjects } from "../install/databases.ts";
import { until } from "../sandbox/until.ts";
import { openScenario } from "../scenario.ts";

const scenario = await openScenario("operators-work");
const { name: namespace, client, flux } = scenario;
const own = { name: "app-postgres", namespace, method: "plugin" } as const;
const restored = { name: "app-restored", namespace, method: "plugin" } as const;
const operator = "system:serviceaccount:cnpg-system:cnpg-manager";
const jobController = "system:serviceaccount:kube-system:job-controller";
const minutes = 60;
// a base backup, a standby and a recovery one after the other
vi.setConfig({ testTimeout: 480_000 });

test("a Cluster from Git is initialised in a namespace that was enforced before", async () => {
  await client.apply([namespaceOf(namespace, { mode: "enforce", policy: "production" }), ...storeObjects(namespace)]);
  await scenario.commit("A database", { "data/own.yaml": [clusterOf(own)] });
  const data = await scenario.follow("data");
  await healthy(own.name, 1);
  expect(await flux.wait("Kustomization", data, ({ status }) => status !== "Unknown")).toMatchObject({
    status: "True",
  });
  expect(jobs()).toEqual(["app-postgres-1-initdb 201"]);
});

test("it gets a standby, and a second one is recovered from its archive", async () => {
  await scenario.database().query("CREATE TABLE users (id int); INSERT INTO users SELECT generate_series(1, 1000)");
  await scenario.backup("first");
  const time = "to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'";
  const target = String(await scenario.database().query(`SELECT ${time}`));
  await scenario.database().query("INSERT INTO users VALUES (1001); SELECT pg_switch_wal()");
  await scenario.commit("A standby, and how it was before", {
    "data/own.yaml": [clusterOf({ ...own, instances: 2 })],
    "data/restored.yaml": [recoveryOf(restored, { cluster: own.name, targetTime: target })],
  });

  await healthy(own.name, 2);
  await healthy(restored.name, 1);
  expect(await scenario.database(restored.name).query("SELECT count(*) FROM users")).toEqual([["1000"]]);
  expect(jobs()).toEqual(["app-postgres-1-initdb 201", "app-postgres-2-join 201", "app-restored-1-full-recovery 201"]);
  expect(podsOfJobs()).toBe(3);
});

test("a parameter and a restart roll through its instances", async () => {
  const { metadata, spec } = Object(clusterOf({ ...own, instances: 2 }));
  const restartedAt = { "kubectl.kubernetes.io/restartedAt": "2026-11-24T12:00:00Z" };
  const parameters = { ...spec.postgresql.parameters, shared_buffers: "48MB" };
  const rolled: Manifest = {
    ...clusterOf(own),
    metadata: { ...metadata, annotations: restartedAt },
    spec: { ...spec, postgresql: { parameters } },
  };
  await scenario.commit("More memory", { "data/own.yaml": [rolled] });

  await until(
    "every instance was made again",
    async () => {
      const pods = await client.list("v1", "Pod", namespace);
      const instances = pods.filter((pod) => field(pod, "metadata", "labels", "cnpg.io/cluster") === own.name);
      const done = instances.filter(
        (pod) => field(pod, "metadata", "annotations", ...Object.keys(restartedAt)) !== undefined,
      );
      return done.length === 2 ? true : undefined;
    },
    3 * minutes,
  );
  await healthy(own.name, 2);
  expect(await scenario.database().query("SHOW shared_buffers")).toEqual([["48MB"]]);
});

test("it fails over when its primary is gone", async () => {
  const primary = await primaryOf(own.name);
  await client.kubectl(["delete", "pod", `--namespace=${namespace}`, primary, "--force", "--grace-period=0"]);
  await until(
    "the other one is the primary",
    async () => ((await primaryOf(own.name)) === primary ? undefined : true),
    3 * minutes,
  );
  await healthy(own.name, 2);
  expect(await scenario.database().query("SELECT count(*) FROM users")).toEqual([["1001"]]);
});

test("of all this the gate has denied nothing", () => {
  expect(scenario.audit.events({ namespace, code: 403 })).toEqual([]);
});

function jobs(): readonly string[] {
  const made = scenario.audit.events({ namespace, resource: "jobs", verb: "create", user: operator });
  return made.map(({ name, code }) => `${name} ${code}`).toSorted();
}

function podsOfJobs(): number {
  return scenario.audit.events({ namespace, resource: "pods", verb: "create", user: jobController, code: 201 }).length;
}

async function primaryOf(cluster: string): Promise<string> {
  const found = await client.read("postgresql.cnpg.io/v1", "Cluster", namespace, cluster);
  return String(field(found, "status", "currentPrimary"));
}

async function healthy(cluster: string, instances: number): Promise<void> {
  const state = async () => {
    const found = await client.read("postgresql.cnpg.io/v1", "Cluster", namespace, cluster);
    const { phase, readyInstances, currentPrimary, targetPrimary } = Object(field(found, "status"));
    if (phase === "Cluster in healthy state" && readyInstances === instances && currentPrimary === targetPrimary)
      return true;
    throw new Error(`${phase}, ${readyInstances} ready, primary ${currentPrimary}, wanted ${targetPrimary}`);
  };
  await until(`Cluster ${cluster} is healthy`, state, 4 * minutes);
}
