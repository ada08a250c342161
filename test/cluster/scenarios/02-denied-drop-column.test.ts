import { expect, test } from "vitest";
import type { Manifest } from "../client.ts";
import { migrationJob, sqlConfigMap } from "../install/migrations.ts";
import { receiverUrl } from "../install/receiver.ts";
import { until } from "../sandbox/until.ts";
import { openScenario } from "../scenario.ts";

const scenario = await openScenario("denied-drop-column");
const { name: namespace, client, flux } = scenario;
const run = { name: "migrate-1-5-0", namespace, cluster: "app-postgres" };
const firstLine = "denied [MG-DENIED]: 1 statement may not run on Cluster denied-drop-column/app-postgres yet";

test("a DROP COLUMN in a ConfigMap is denied at the dry-run, nothing is applied, and the app is held back", async () => {
  await scenario.startDatabase(
    "CREATE TABLE users (id int PRIMARY KEY, phone text); INSERT INTO users SELECT n, 'p' || n FROM generate_series(1, 1000) n",
  );
  await client.apply(alertOf("migrate"));
  await scenario.commit("Drop users.phone", {
    "migrate/job.yaml": [sqlConfigMap(run, "ALTER TABLE users DROP COLUMN phone;"), migrationJob(run)],
    "app/app.yaml": [settingsOf("1.5.0")],
  });
  const migrate = await scenario.follow("migrate");
  const app = await scenario.follow("app", { dependsOn: [{ name: migrate }] });

  const denied = await flux.wait(
    "Kustomization",
    migrate,
    ({ status, message }) => status === "False" && message.includes("MG-"),
  );
  expect(denied.reason).toBe("ReconciliationFailed");
  expect(denied.message).toContain("dry-run failed (MigrationDenied): admission webhook");
  expect(denied.message).toContain(firstLine);
  expect(denied.message).toContain("drop-column");
  expect(await flux.wait("Kustomization", app, ({ reason }) => reason === "DependencyNotReady")).toMatchObject({
    status: "False",
  });

  // three tries: the message is the same each time, and so one alert
  await until("Flux has tried three times", async () => (triesDenied().length >= 3 ? true : undefined));
  expect(scenario.audit.events({ namespace, user: kustomizeController, dryRun: false, code: 201 })).toEqual([]);
  expect(await client.read("v1", "ConfigMap", namespace, run.name)).toBeUndefined();
  expect(await client.read("v1", "ConfigMap", namespace, "app")).toBeUndefined();
  expect(await scenario.database().query("SELECT count(phone) FROM users")).toEqual([["1000"]]);

  const alerts = await until("the alert has come", async () => {
    const found = (await received()).filter(({ message }) => message.includes(namespace));
    return found.length > 0 ? found : undefined;
  });
  expect(alerts).toHaveLength(1);
  expect(alerts[0]?.message).toContain(firstLine);
});

const kustomizeController = "system:serviceaccount:flux-system:kustomize-controller";

function triesDenied() {
  return scenario.audit.events({ namespace, user: kustomizeController, dryRun: true, code: 403 });
}

async function received(): Promise<readonly { readonly message: string }[]> {
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
