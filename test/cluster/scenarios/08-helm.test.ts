import { expect, test } from "vitest";
import { field, type Manifest } from "../../deploy/objects.ts";
import { approvalOf } from "../approvals.ts";
import { chartOf, helmReleaseOf, hooksOf } from "../install/charts.ts";
import { clusterOf } from "../install/databases.ts";
import { migrationJob, sqlConfigMap } from "../install/migrations.ts";
import { until } from "../sandbox/until.ts";
import { openScenario } from "../scenario.ts";

const scenario = await openScenario("helm");
const { name: namespace, client, flux } = scenario;
const cluster = "app-postgres";
const helmController = "system:serviceaccount:flux-system:helm-controller";
const shop = `${namespace}-shop`;
let denial = "";

test("a hook that only adds runs before the release is installed", async () => {
  await scenario.startDatabase(
    "CREATE TABLE users (id int PRIMARY KEY, phone text, fax text); INSERT INTO users SELECT n, 'p' || n, 'f' || n FROM generate_series(1, 1000) n",
  );
  await scenario.commit("Add users.email", {
    ...chartOfShop("1.4.0", "ALTER TABLE users ADD COLUMN email text;"),
    "releases/shop.yaml": [releaseOfShop()],
  });
  await scenario.follow("releases", { wait: false });

  const installed = await flux.wait("HelmRelease", shop, ({ status }) => status === "True");
  expect(installed.reason).toBe("InstallSucceeded");
  expect(jobsOf(helmController)).toEqual(["create migrate 201"]);
  expect(await scenario.database().columns("users")).toEqual(["id", "phone", "fax", "email"]);
  expect(await versionOfApp()).toBe("1.4.0");
});

test("an upgrade's hook that drops a column is denied before anything of the release; it is tried again, never rolled back", async () => {
  await scenario.commit("Drop users.phone", chartOfShop("1.5.0", "ALTER TABLE users DROP COLUMN phone;"));

  const denied = await flux.wait("HelmRelease", shop, ({ message }) => message.includes("MG-"));
  expect(denied).toMatchObject({ status: "False", reason: "UpgradeFailed", attempted: "1.5.0" });
  expect(denied.message).toContain("pre-upgrade hooks failed");
  expect(denied.message).toContain(
    "denied [MG-DENIED]: 1 statement may not run on Cluster helm/app-postgres yet\n  drop-column  ALTER TABLE users DROP COLUMN phone   ConfigMap helm/migrate up.sql:1",
  );
  expect(denied.message).toContain("missing approval: 0 of 1 (dba). Approve:");
  expect(denied.message).toContain("missing recovery point: none completed within 60m. Take one:");
  denial = denied.message;

  await until("Helm has tried three times", async () => (denials().length >= 3 ? true : undefined));
  expect(await flux.wait("HelmRelease", shop, ({ status }) => status === "False")).toMatchObject({ message: denial });
  expect(await versionOfApp()).toBe("1.4.0");
  expect(await conditionOf(shop, "Remediated")).toBeUndefined();
  expect(await scenario.database().query("SELECT count(phone) FROM users")).toEqual([["1000"]]);
});

test("approved in the release's values and backed up, it passes at the next try", async () => {
  await scenario.backup("before-1-5-0");
  await scenario.commit("Approve dropping users.phone", {
    "releases/shop.yaml": [releaseOfShop(approvalOf(denial))],
  });

  const upgraded = await flux.wait("HelmRelease", shop, ({ status }) => status === "True");
  expect(upgraded.reason).toBe("UpgradeSucceeded");
  expect(jobsOf(helmController).filter((job) => job.endsWith("201"))).toHaveLength(2);
  expect(await versionOfApp()).toBe("1.5.0");
  expect(await scenario.database().columns("users")).toEqual(["id", "fax", "email"]);
});

test("the remediation of a denied install does not uninstall the Cluster that the chart holds", async () => {
  // as Helm asks of whoever brings an object that is there already into a chart
  await client.kubectl(["label", "--namespace", namespace, "cluster", cluster, "app.kubernetes.io/managed-by=Helm"]);
  const owner = ["meta.helm.sh/release-name=data", `meta.helm.sh/release-namespace=${namespace}`];
  await client.kubectl(["annotate", "--namespace", namespace, "cluster", cluster, ...owner]);
  await scenario.commit("A chart for the database", {
    ...chartOf("data", "1.0.0", {
      cluster: [clusterOf({ name: cluster, namespace, method: "plugin" })],
      migrate: migration("tidy", "ALTER TABLE users DROP COLUMN fax;"),
    }),
    "releases/data.yaml": [helmReleaseOf(namespace, "data", { install: { remediation: { retries: 1 } } })],
  });

  // helm-controller itself is at a loss: its release wants to be uninstalled and never is
  const ended = await flux.wait("HelmRelease", `${namespace}-data`, ({ reason }) => reason === "StateError");
  expect(ended.message).toContain("release with status 'uninstalling'");
  expect(deletionsOfCluster()).toEqual([403]);
  const kept = await client.read("postgresql.cnpg.io/v1", "Cluster", namespace, cluster);
  expect(field(kept, "metadata", "deletionTimestamp")).toBeUndefined();
  expect(await scenario.database().query("SELECT count(fax) FROM users")).toEqual([["1000"]]);
});

/** As deploy/flux/README.md says. */
function releaseOfShop(annotations: Readonly<Record<string, string>> = {}): Manifest {
  const retry = { strategy: { name: "RetryOnFailure", retryInterval: "5s" } };
  return helmReleaseOf(namespace, "shop", { install: retry, upgrade: retry, values: { annotations } });
}

/** A chart of an application that migrates before it is installed or upgraded. */
function chartOfShop(version: string, sql: string) {
  const app = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "app" }, data: { version } };
  return chartOf("shop", version, { app: [app], migrate: migration("migrate", sql) });
}

function migration(name: string, sql: string): string {
  const run = { name, namespace, cluster };
  return hooksOf([sqlConfigMap(run, sql), migrationJob(run)]);
}

function jobsOf(user: string): readonly string[] {
  const events = scenario.audit.events({ namespace, resource: "jobs", user, verb: "create" });
  return events.map(({ verb, name, code }) => `${verb} ${name} ${code}`);
}

function denials(): readonly string[] {
  return jobsOf(helmController).filter((job) => job.endsWith("403"));
}

function deletionsOfCluster(): readonly number[] {
  return scenario.audit.events({ namespace, resource: "clusters", verb: "delete" }).map(({ code }) => code);
}

async function versionOfApp(): Promise<unknown> {
  return field(await client.read("v1", "ConfigMap", namespace, "app"), "data", "version");
}

async function conditionOf(release: string, type: string): Promise<unknown> {
  const object = await client.read("helm.toolkit.fluxcd.io/v2", "HelmRelease", "flux-system", release);
  const conditions = field(object, "status", "conditions");
  return Array.isArray(conditions) ? conditions.find((condition) => condition.type === type) : undefined;
}
