import { expect, test } from "vitest";
import type { Manifest } from "../../deploy/objects.ts";
import { migrationJob, sqlConfigMap } from "../install/migrations.ts";
import { receiverUrl } from "../install/receiver.ts";
import { until } from "../sandbox/until.ts";
import { openScenario } from "../scenario.ts";
import { kustomizeController } from "../witnesses/flux.ts";

const scenario = await openScenario("denied-drop-column");
const { name: namespace, client, flux } = scenario;
const run = { name: "migrate-1-5-0", namespace, cluster: "app-postgres" };
const firstLine = "denied [MG-DENIED]: 1 statement may not run on Cluster denied-drop-column/app-postgres yet";

test("a DROP COLUMN in a ConfigMap is denied at the dry-run, nothing is applied, and the app is held back", async () => {
  await scenario.startDatabase(
    "CREATE TABLE users (id int PRIMARY KEY, phone text); INSERT INTO users SELECT n, 'p' || n FROM generate_series(1, 1000) n",
  );
  await client.apply(alertOf("migrate"));
  const revision = await scenario.commit("Drop users.phone", {
    "migrate/job.yaml": [sqlConfigMap(run, "ALTER TABLE users DROP COLUMN phone;"), migrationJob(run)],
    "app/app.yaml": [settingsOf("1.5.0")],
  });
  const migrate = await scenario.follow("migrate");
  const app = await scenario.follow("app", { dependsOn: [{ name: migrate }] });

  const denied = await flux.wait("Kustomization", migrate, ({ message }) => message.includes("MG-"));
  expect(denied).toMatchObject({ status: "False", reason: "ReconciliationFailed", attempted: revision });
  expect(denied.message).toContain(
    `Job/${namespace}/${run.name} dry-run failed (MigrationDenied): admission webhook "enforced-runs.migration-gate.dev" denied the request: ${firstLine}\n`,
  );
  expect(denied.message).toContain(
    `drop-column  ALTER TABLE users DROP COLUMN phone   ConfigMap ${namespace}/${run.name} up.sql:1\n`,
  );
  expect(await flux.wait("Kustomization", app, ({ reason }) => reason === "DependencyNotReady")).toMatchObject({
    status: "False",
    message: `dependency 'flux-system/${migrate}' is not ready`,
  });

  // three tries have ended when the fourth is denied
  await until("Flux has tried four times", async () => (triesDenied().length >= 4 ? true : undefined), 120);
  expect(await flux.wait("Kustomization", migrate, ({ status }) => status === "False")).toEqual(denied);
  expect(new Set(triesDenied().map(({ message }) => message)).size).toBe(1);
  expect(writtenByFlux()).toEqual([]);
  expect(await client.read("batch/v1", "Job", namespace, run.name)).toBeUndefined();
  expect(await client.read("v1", "ConfigMap", namespace, run.name)).toBeUndefined();
  expect(await client.read("v1", "ConfigMap", namespace, "app")).toBeUndefined();
  expect(await scenario.database().query("SELECT count(phone) FROM users")).toEqual([["1000"]]);

  const alerts = (await received()).filter(({ metadata }) => metadata.revision === revision);
  expect(alerts).toMatchObject([
    { severity: "error", reason: "ReconciliationFailed", involvedObject: { kind: "Kustomization", name: migrate } },
  ]);
  expect(alerts[0]?.message.split("\n")[0]).toContain(firstLine);
});

function triesDenied() {
  return scenario.audit.events({ namespace, resource: "jobs", user: kustomizeController, dryRun: true, code: 403 });
}

function writtenByFlux() {
  const real = scenario.audit.events({ namespace, user: kustomizeController, dryRun: false });
  return real.filter(({ code }) => code < 300);
}

/** What Flux's notification-controller sends to a generic webhook. */
interface Alerted {
  readonly severity: string;
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: { readonly kind: string; readonly name: string };
  readonly metadata: { readonly revision?: string };
}

async function received(): Promise<readonly Alerted[]> {
  return (await fetch(scenario.urlOf("migration-gate-test", "receiver", 80))).json() as never;
}

function settingsOf(version: string): Manifest {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "app", namespace }, data: { version } };
}

/** A Provider for a generic webhook and an Alert on one Kustomization, as Flux's documentation has them. */
function alertOf(folder: string): readonly Manifest[] {
  const apiVersion = "notification.toolkit.fluxcd.io/v1beta3";
  const metadata = { name: namespace, namespace: "flux-system", labels: { scenario: namespace } };
  const source = { kind: "Kustomization", name: `${namespace}-${folder}` };
  return [
    { apiVersion, kind: "Provider", metadata, spec: { type: "generic", address: receiverUrl } },
    {
      ...{ apiVersion, kind: "Alert", metadata },
      spec: { providerRef: { name: namespace }, eventSeverity: "error", eventSources: [source] },
    },
  ];
}
