import { afterAll, expect, test, vi } from "vitest";
import { field, objectsIn } from "../../deploy/objects.ts";
import { approvalOf } from "../approvals.ts";
import { gateImage } from "../build/images.ts";
import { asDocuments } from "../client.ts";
import { startCluster } from "../cluster.ts";
import { installNeighbours } from "../environment.ts";
import { recoveryOf } from "../install/databases.ts";
import { bootstrap, gateFiles, operatorFiles, type Release, releaseFiles, shop, shopFiles } from "../install/fleet.ts";
import { makePlatform, platform } from "../install/gate.ts";
import { inlineMigrationJob } from "../install/migrations.ts";
import { archiveAll, momentBefore, recover } from "../install/recovery.ts";
import { openProxy } from "../proxy.ts";
import { createRepository, type Files } from "../repository.ts";
import { until } from "../sandbox/until.ts";
import { openAuditLog } from "../witnesses/audit.ts";
import { openDatabase } from "../witnesses/database.ts";
import { kustomizeController, openFlux, type Ready } from "../witnesses/flux.ts";

// Each of these is a whole installation, a recovery or both.
vi.setConfig({ testTimeout: 600_000 });

// A cluster of its own, under the operator of two releases ago, and nothing in it but Flux and what a repository is read from.
const say = (line: string) => void process.stderr.write(`${line}\n`);
const cluster = await startCluster({ name: "from-nothing", node: true, outlives: false }, say);
afterAll(cluster.stop);
const { client } = cluster;
await installNeighbours(client, say);
const proxy = await openProxy(client.program, client.kubeconfig);
afterAll(proxy.close);
const repository = await createRepository(proxy, platform);
afterAll(repository.close);
await makePlatform(repository.folder, gateImage);
const flux = openFlux(client);
const audit = openAuditLog(cluster.auditLog);
const database = openDatabase(client, shop.namespace, shop.name);

const { namespace } = shop;
const all = ["cnpg", "migration-gate", "shop-database", "shop-backup", "shop-migrate", "shop-app"];
const additive: Release = { name: "migrate-1-4-0", sql: "CREATE TABLE users (id int PRIMARY KEY, phone text);" };
const destructive: Release = { name: "migrate-1-5-0", sql: "ALTER TABLE users DROP COLUMN phone;" };
const values = "SELECT count(*), count(phone), md5(string_agg(id || ' ' || phone, ',' ORDER BY id)) FROM users";

test("Flux brings up CloudNativePG, the gate and the apps from one repository, in the documented order", async () => {
  const shopAfterBoth = shopFiles(additive, ["cnpg", "migration-gate"]);
  await repository.commit("Everything", {
    ...(await operatorFiles()),
    ...gateFiles(repository.folder),
    ...shopAfterBoth,
  });
  await client.apply(bootstrap);

  await everythingIsReady();
  expect(await database.columns("users")).toEqual(["id", "phone"]);
  expect(writtenJobs()).toMatchObject([
    { name: additive.name, annotations: { "enforced-runs.migration-gate.dev/decision": "warn" } },
  ]);
});

test("a new Cluster at the time just before the run's first statement has every value back, with the store in the tree", async () => {
  await database.query("INSERT INTO users SELECT n, 'p' || n FROM generate_series(1, 1000) n");
  const before = await database.query(values);
  expect(before).toMatchObject([["1000", "1000", expect.stringMatching(/^[0-9a-f]{32}$/)]]);

  await commit("Drop users.phone", releaseFiles(destructive));
  const denied = await settled("shop-migrate", ({ message }) => message.includes("MG-DENIED"));
  expect(denied.message).toContain("missing approval: 0 of 1 (dba)");
  expect(denied.message).not.toContain("missing recovery point");
  const annotations = approvalOf(denied.message);
  const approved = await commit("Approve it", releaseFiles({ ...destructive, annotations }));
  await settled("shop-migrate", ({ status, attempted }) => status === "True" && attempted === approved);
  expect(await database.columns("users")).toEqual(["id"]);

  await archiveAll(database);
  const targetTime = momentBefore(await client.read("batch/v1", "Job", namespace, destructive.name));
  const restored = { ...shop, name: "app-restored" };
  const seconds = await recover(client, restored, { cluster: shop.name, targetTime });
  process.stdout.write(`recovery from the store in the tree: ${seconds.toFixed(1)} s from apply to healthy\n`);
  const recovered = openDatabase(client, namespace, restored.name);
  expect(await recovered.query(values)).toEqual(before);
  expect(await recovered.columns("users")).toEqual(["id", "phone"]);
});

test("a target time that CloudNativePG 1.28 cannot recover to is warned about, and PostgreSQL indeed refuses it", async () => {
  const job = await client.read("batch/v1", "Job", namespace, destructive.name);
  const targetTime = String(field(job, "metadata", "creationTimestamp"));
  const stuck = recoveryOf({ ...shop, name: "app-stuck" }, { cluster: shop.name, targetTime });
  const { code, stderr } = await client.attempt(["apply", "--filename", "-"], JSON.stringify(stuck));
  expect(code).toBe(0);
  expect(stderr).toContain("Warning: [MG-WARNED] recovery-misuse");
  const log = ["logs", "--namespace", namespace, "--selector=cnpg.io/cluster=app-stuck", "--tail=-1"];
  await until(
    "PostgreSQL refuses it",
    async () => {
      const said = await client.kubectl(log);
      return /invalid value for parameter .{1,3}recovery_target_time/.test(said) ? true : undefined;
    },
    300,
  );
});

test("uninstalled by Flux the gate leaves no registration, and the namespaces go on working", async () => {
  await commit("Uninstall Migration Gate", { "fleet/gate.yaml": null, ...shopFiles(destructive, ["cnpg"]) });
  await until("nothing of the gate is left", async () => ((await leftOvers()) === "" ? true : undefined));
  const deleted = audit.events({ verb: "delete", name: "migration-gate", code: 200, dryRun: false });
  const order = deleted.map(({ resource }) => resource).filter((resource) => /webhookconf|deployments/.test(resource));
  expect(order).toEqual(["validatingwebhookconfigurations", "mutatingwebhookconfigurations", "deployments"]);

  // what would be denied if anybody still asked
  const truncating = { name: "migrate-1-6-0", sql: "TRUNCATE users;" };
  const files = shopFiles(truncating, ["cnpg"], {});
  const revision = await commit("Labels go last", { "fleet/gate-certificate.yaml": null, ...files });
  await settled("shop-app", ({ status, attempted }) => status === "True" && attempted === revision);
  expect(await database.query("SELECT count(*) FROM users")).toEqual([["0"]]);
  const labels = field(await client.read("v1", "Namespace", "", namespace), "metadata", "labels");
  expect(Object.keys(Object(labels)).filter((name) => name.startsWith("migration-gate.dev/"))).toEqual([]);
});

test("in no order at all, into a namespace that is labelled already, Flux gets there by trying again", async () => {
  // all goes but Flux, its neighbours, and the namespace that is kept by its annotation
  await client.kubectl(["delete", "--filename", "-", "--timeout=2m"], asDocuments(bootstrap));
  await client.kubectl(["wait", "kustomizations", "--all", "--namespace=flux-system", "--for=delete", "--timeout=3m"]);
  await client.kubectl(["rollout", "restart", "deployment/s3", "--namespace=migration-gate-test"]);
  await client.kubectl(["rollout", "status", "deployment/s3", "--namespace=migration-gate-test", "--timeout=1m"]);
  await client.apply(objectsIn("deploy/flux/namespace.yaml"));

  const shopAtOnce = shopFiles(additive, []);
  await repository.commit("Everything at once", {
    ...(await operatorFiles()),
    ...gateFiles(repository.folder),
    ...shopAtOnce,
  });
  await client.apply(bootstrap);
  await everythingIsReady();
  expect(await database.columns("users")).toEqual(["id", "phone"]);

  // and from now on it is asked
  const job = inlineMigrationJob({ name: destructive.name, namespace, cluster: shop.name }, destructive.sql);
  const denied = await client.attempt(["apply", "--dry-run=server", "--filename", "-"], asDocuments([job]));
  expect(denied.stderr).toContain("denied [MG-DENIED]: 1 statement may not run on Cluster production/app-postgres yet");
});

async function everythingIsReady(): Promise<void> {
  for (const name of all) await settled(name, ({ status }) => status === "True");
}

/** A commit is tried by one Kustomization after another, each waiting for the one before. */
function settled(name: string, test: (ready: Ready) => boolean): Promise<Ready> {
  return flux.wait("Kustomization", name, test, 240);
}

/** Commits, and has Flux bring it to the Kustomizations of the fleet. */
async function commit(message: string, files: Files): Promise<string> {
  const revision = await repository.commit(message, files);
  await flux.reconcile("GitRepository", "flux-system");
  await settled("flux-system", ({ attempted, status }) => attempted === revision && status === "True");
  return revision;
}

function writtenJobs() {
  return audit
    .events({
      namespace,
      resource: "jobs",
      dryRun: false,
      user: kustomizeController,
    })
    .filter(({ code }) => code < 300);
}

/** As docs/install.md looks for it, and what else is not in a namespace. */
async function leftOvers(): Promise<string> {
  const webhooks = "validatingwebhookconfigurations,mutatingwebhookconfigurations";
  const policies = "validatingadmissionpolicies,validatingadmissionpolicybindings";
  const roles = "clusterroles,clusterrolebindings";
  const found = await client.kubectl(["get", `${webhooks},${policies},${roles}`, "--output=name"]);
  return found
    .split("\n")
    .filter((name) => name.includes("migration-gate"))
    .join("\n");
}
