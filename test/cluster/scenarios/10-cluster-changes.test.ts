import { beforeAll, expect, test, vi } from "vitest";
import { field, type Manifest } from "../../deploy/objects.ts";
import { approvalOf } from "../approvals.ts";
import { clusterOf } from "../install/databases.ts";
import { until } from "../sandbox/until.ts";
import { openScenario } from "../scenario.ts";
import { kustomizeController } from "../witnesses/flux.ts";

const scenario = await openScenario("cluster-changes");
const { name: namespace, client, flux } = scenario;
const own = { name: "app-postgres", namespace, method: "plugin" } as const;
const folders = ["cluster", "archive", "reports"] as const;
type Folder = (typeof folders)[number];
/** In seconds: one waits on Flux, on CNPG and on PostgreSQL in turn. */
const patience = 240;
vi.setConfig({ testTimeout: 480_000, hookTimeout: 480_000 });
type Annotations = Readonly<Record<string, string>>;

const takeOne = `missing recovery point: none completed within 60m. Take one:  kubectl cnpg backup app-postgres -n ${namespace} --backup-target primary`;

beforeAll(async () => {
  await scenario.startDatabase("CREATE TABLE users (id int); INSERT INTO users SELECT generate_series(1, 1000)");
  await scenario.commit("The databases", {
    "cluster/cluster.yaml": [cluster()],
    "archive/database.yaml": [database("archive")],
    "reports/database.yaml": [database("reports")],
    // a folder stays in Git when its database leaves it
    ...Object.fromEntries(folders.map((folder) => [`${folder}/settings.yaml`, [settings(folder)]])),
  });
  // what a force deletes first, it makes again: nothing here may be deleted by it
  for (const folder of folders) await scenario.follow(folder, { force: true, wait: false });
  await until("both databases are there", async () => ((await databases()).length === 2 ? true : undefined), patience);
});

test("storage that shrinks is denied before CNPG refuses it, so that force does not go on to delete the Cluster", async () => {
  await scenario.commit("Smaller, dropped and pruned", {
    "cluster/cluster.yaml": [cluster({ storage: { size: "512Mi" } })],
    "archive/database.yaml": [database("archive", { ensure: "absent" })],
    "reports/database.yaml": null,
  });
  const message = await denialOf("cluster", "storage-shrunk");
  expect(message).toContain(
    'dry-run failed (MigrationDenied): admission webhook "enforced-cluster-changes.migration-gate.dev" denied',
  );
  expect(message).toContain("storage.size 1Gi → 512Mi");
  expect(message).toContain(takeOne);
  expect(message).toContain("instead: make a new, smaller Cluster from a backup and move to it");
  expect(written("clusters", "delete")).toEqual([]);
});

test("a Database set to absent is denied, and so is one that is pruned and would be dropped with its object", async () => {
  const absent = await denialOf("archive", "database-absent");
  expect(absent).toContain("ensure present → absent: drops database archive");
  expect(absent).toContain(takeOne);
  expect(absent).toContain("instead: delete the Database object with databaseReclaimPolicy: retain");
  const pruned = await denialOf("reports", "database-reclaim-delete");
  expect(pruned).toContain("deletes the Database and drops database reports");
  expect(pruned).toContain("missing rollback owner");
  expect(await databases()).toEqual(["archive", "reports"]);
});

test("approved and backed up, both databases are dropped: the one on the object, the other by a commit before the one that removes it", async () => {
  const shrunk = await denialOf("cluster", "storage-shrunk");
  const absent = await denialOf("archive", "database-absent");
  const pruned = await denialOf("reports", "database-reclaim-delete");
  await scenario.backup("before-dropping");
  const approved = await scenario.commit("Approve all three", {
    "cluster/cluster.yaml": [cluster({ storage: { size: "512Mi" } }, approvalOf(shrunk))],
    "archive/database.yaml": [database("archive", { ensure: "absent" }, approvalOf(absent))],
    "reports/database.yaml": [database("reports", {}, approvalOf(pruned))],
  });
  await applied("archive", approved);
  await applied("reports", approved);
  const removed = await scenario.commit("Remove reports", { "reports/database.yaml": null });
  await applied("reports", removed);
  await until("both databases are gone", async () => ((await databases()).length === 0 ? true : undefined), patience);
  expect(written("databases", "delete")).toEqual([200]);
});

test("storage that may shrink is refused by CNPG, and what force makes of that is denied", async () => {
  const message = await denialOf("cluster", "cluster-deleted");
  expect(message).toContain("immutable field detected, failed to delete object: admission webhook");
  expect(written("clusters", "delete")).toEqual([]);
  await isWhole();
});

test("a Cluster that is pruned from Git is denied, and stays with its data", async () => {
  await scenario.commit("Remove the Cluster", { "cluster/cluster.yaml": null });
  const message = await denialOf("cluster", "delete failed, errors: Cluster/cluster-changes/app-postgres");
  expect(message).toContain("cluster-deleted");
  expect(message).toContain("missing approval: 0 of 1 (dba). Approve:");
  // the Backup of before holds still
  expect(message).not.toContain("missing recovery point");
  expect(message).toContain("keep it until the new Cluster serves");
  expect(written("clusters", "delete")).toEqual([]);
  await isWhole();
});

test("an archiver that is taken out is denied, and allowed once approved", async () => {
  const deletion = await denialOf("cluster", "cluster-deleted");
  await scenario.commit("No plugin", { "cluster/cluster.yaml": [cluster({ plugins: undefined })] });
  const message = await denialOf("cluster", "archiver-removed");
  expect(message).toContain("WAL archiver plugin barman-cloud.cloudnative-pg.io → not set");
  expect(message).toContain("instead: move to the barman-cloud plugin in one change");
  expect(await pluginsOfCluster()).toHaveLength(1);

  const approval = approvalOf(message);
  const approved = await scenario.commit("Approve taking the plugin out", {
    "cluster/cluster.yaml": [cluster({ plugins: undefined }, approval)],
  });
  await applied("cluster", approved);
  expect(await pluginsOfCluster()).toBeUndefined();
  // put back before the server runs without it, CNPG waits for a sidecar that the Pod does not have
  await serverRuns({ sidecar: false });

  const back = await scenario.commit("The plugin again, and approve removing the Cluster", {
    "cluster/cluster.yaml": [cluster({}, approvalOf(deletion))],
  });
  await applied("cluster", back);
  expect(await pluginsOfCluster()).toHaveLength(1);
  await serverRuns({ sidecar: true });
  await isWhole();
});

test("a Cluster is pruned once its deletion was approved by a commit before, with a Backup of this hour", async () => {
  await applied("cluster", await scenario.commit("Remove the Cluster", { "cluster/cluster.yaml": null }));
  expect(written("clusters", "delete")).toEqual([200]);
  await until(
    "the Cluster is gone",
    async () =>
      (await client.read("postgresql.cnpg.io/v1", "Cluster", namespace, own.name)) === undefined ? true : undefined,
    patience,
  );
});

function settings(name: string): Manifest {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data: { owner: "team-shop" } };
}

function cluster(spec: Manifest = {}, annotations: Annotations = {}): Manifest {
  const { metadata, ...rest } = Object(clusterOf(own));
  return { ...rest, metadata: { ...metadata, annotations }, spec: { ...rest.spec, ...spec } };
}

/** A database that is dropped with its object. */
function database(name: string, spec: Manifest = {}, annotations: Annotations = {}): Manifest {
  return {
    ...{ apiVersion: "postgresql.cnpg.io/v1", kind: "Database", metadata: { name, namespace, annotations } },
    spec: { name, owner: "app", cluster: { name: own.name }, databaseReclaimPolicy: "delete", ...spec },
  };
}

async function applied(folder: Folder, revision: string): Promise<void> {
  const isApplied = ({ status, attempted }: { readonly status: string; readonly attempted: string }) =>
    status === "True" && attempted === revision;
  await flux.wait("Kustomization", `${namespace}-${folder}`, isApplied, patience);
}

/** What Flux reports of a folder once the gate has denied it for this change. */
async function denialOf(folder: Folder, change: string): Promise<string> {
  const isDenied = ({ status, message }: { readonly status: string; readonly message: string }) =>
    status === "False" && message.includes("denied [MG-") && message.includes(change);
  return (await flux.wait("Kustomization", `${namespace}-${folder}`, isDenied, patience)).message;
}

/** Codes of Flux's writes that were not only asked for and not denied. */
function written(resource: string, verb: string): readonly number[] {
  const events = scenario.audit.events({ namespace, resource, verb, user: kustomizeController, dryRun: false });
  return events.map(({ code }) => code).filter((code) => code !== 403);
}

async function databases(): Promise<readonly string[]> {
  const query = "SELECT datname FROM pg_database WHERE datname IN ('archive', 'reports') ORDER BY datname";
  return (await scenario.database().query(query)).flat();
}

async function pluginsOfCluster(): Promise<unknown> {
  return field(await client.read("postgresql.cnpg.io/v1", "Cluster", namespace, own.name), "spec", "plugins");
}

/** Waits until the Pod of the server is Ready, with the plugin's sidecar or without: each change of it makes the Pod again. */
async function serverRuns({ sidecar }: { readonly sidecar: boolean }): Promise<void> {
  const runs = async () => {
    const pod = await client.read("v1", "Pod", namespace, `${own.name}-1`);
    const ready = list(pod, "status", "conditions").some(
      (condition) => condition["type"] === "Ready" && condition["status"] === "True",
    );
    const hasSidecar = list(pod, "spec", "initContainers").some(
      (container) => container["name"] === "plugin-barman-cloud",
    );
    return ready && hasSidecar === sidecar ? true : undefined;
  };
  await until(`the server runs ${sidecar ? "with" : "without"} the sidecar`, runs, patience);
}

function list(object: unknown, ...path: readonly string[]): readonly Manifest[] {
  const found = field(object, ...path);
  return Array.isArray(found) ? found : [];
}

async function isWhole(): Promise<void> {
  const found = await client.read("postgresql.cnpg.io/v1", "Cluster", namespace, own.name);
  expect(field(found, "metadata", "deletionTimestamp")).toBeUndefined();
  expect(await scenario.database().query("SELECT count(*) FROM users")).toEqual([["1000"]]);
}
