import { expect, test } from "vitest";
import { migrationJob, sqlConfigMap } from "../install/migrations.ts";
import { openScenario } from "../scenario.ts";
import { kustomizeController } from "../witnesses/flux.ts";

const scenario = await openScenario("additive-migration");
const { name: namespace } = scenario;
const run = { name: "migrate-1-4-0", namespace, cluster: "app-postgres" };

test("an additive migration syncs and runs at once", async () => {
  await scenario.startDatabase("CREATE TABLE users (id int PRIMARY KEY, email text)");
  await scenario.commit("Add users.phone", {
    "migrate/job.yaml": [sqlConfigMap(run, "ALTER TABLE users ADD COLUMN phone text;"), migrationJob(run)],
  });
  const migrate = await scenario.follow("migrate");

  expect(await scenario.flux.wait("Kustomization", migrate, ({ status }) => status === "True")).toMatchObject({
    reason: "ReconciliationSucceeded",
  });
  expect(scenario.audit.events({ namespace, user: kustomizeController, dryRun: false })).toMatchObject([
    { resource: "configmaps", name: run.name, code: 201 },
    { resource: "jobs", name: run.name, code: 201 },
  ]);
  expect(await scenario.database().columns("users")).toEqual(["id", "email", "phone"]);
});
