import { beforeAll, expect, test, vi } from "vitest";
import { approvalOf } from "../approvals.ts";
import { migrationJob, sqlConfigMap } from "../install/migrations.ts";
import { archiveAll, momentBefore, recover } from "../install/recovery.ts";
import { openScenario } from "../scenario.ts";
import { kustomizeController } from "../witnesses/flux.ts";

// half a minute where nothing else runs, many where everything does
vi.setConfig({ hookTimeout: 600_000, testTimeout: 600_000 });

const scenario = await openScenario("recovery-plugin");
const { name: namespace, client, flux, audit } = scenario;
const run = { name: "migrate-1-5-0", namespace, cluster: "app-postgres" };
const restored = { name: "app-restored", namespace, method: "plugin" } as const;
const values = "SELECT count(*), count(phone), md5(string_agg(id || ' ' || phone, ',' ORDER BY id)) FROM users";
let before: readonly (readonly string[])[];

beforeAll(async () => {
  await scenario.startDatabase(
    "CREATE TABLE users (id int PRIMARY KEY, phone text); INSERT INTO users SELECT n, 'p' || n FROM generate_series(1, 400) n",
  );
  await scenario.backup("before-1-5-0");
  // these are in no base backup: the archived WAL alone brings them back
  await scenario.database().query("INSERT INTO users SELECT n, 'p' || n FROM generate_series(401, 1000) n");
  before = await scenario.database().query(values);
});

test("a destructive migration that is approved and has its recovery point runs, and what it drops is gone", async () => {
  expect(before).toMatchObject([["1000", "1000", expect.stringMatching(/^[0-9a-f]{32}$/)]]);
  const sql = sqlConfigMap(run, "ALTER TABLE users DROP COLUMN phone;");
  await scenario.commit("Drop users.phone", { "migrate/job.yaml": [sql, migrationJob(run)] });
  const migrate = await scenario.follow("migrate");
  const denied = await flux.wait("Kustomization", migrate, ({ message }) => message.includes("missing approval"));
  expect(denied.message).not.toContain("missing recovery point");

  const approved = migrationJob({ ...run, annotations: approvalOf(denied.message) });
  await scenario.commit("Approve it", { "migrate/job.yaml": [sql, approved] });
  expect(await flux.wait("Kustomization", migrate, ({ status }) => status === "True")).toMatchObject({
    reason: "ReconciliationSucceeded",
  });
  expect(audit.events({ namespace, resource: "jobs", user: kustomizeController, dryRun: false })).toMatchObject([
    { verb: "patch", name: run.name, code: 201 },
  ]);
  expect(await scenario.database().columns("users")).toEqual(["id"]);
});

test("a new Cluster at the time just before the run's first statement has every value back", async () => {
  await archiveAll(scenario.database());
  const targetTime = momentBefore(await client.read("batch/v1", "Job", namespace, run.name));
  const seconds = await recover(client, restored, { cluster: "app-postgres", targetTime });
  process.stdout.write(`recovery by the plugin: ${seconds.toFixed(1)} s from apply to healthy\n`);

  expect(await scenario.database(restored.name).query(values)).toEqual(before);
  expect(await scenario.database(restored.name).columns("users")).toEqual(["id", "phone"]);
  // the gate was asked about the Cluster, and stood in the way of nothing that CloudNativePG made for it
  expect(
    audit.events({ namespace, resource: "clusters", name: restored.name, user: "admin", code: 201 }),
  ).toMatchObject([{ verb: "patch", annotations: { "best-effort.migration-gate.dev/decision": "allow" } }]);
  expect(audit.events({ namespace, code: 403, dryRun: false })).toEqual([]);
});
