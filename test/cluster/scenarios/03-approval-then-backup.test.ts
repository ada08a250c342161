import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { field } from "../../deploy/objects.ts";
import { run } from "../build/run.ts";
import { platform } from "../install/gate.ts";
import { migrationJob, sqlConfigMap } from "../install/migrations.ts";
import { cloneRepository } from "../repository.ts";
import { openScenario } from "../scenario.ts";
import { kustomizeController } from "../witnesses/flux.ts";

const scenario = await openScenario("approval-then-backup");
const { name: namespace, client, flux } = scenario;
const migration = { name: "migrate-1-5-0", namespace, cluster: "app-postgres" };
const migrate = `${namespace}-migrate`;

beforeAll(async () => {
  await scenario.startDatabase(
    "CREATE TABLE users (id int PRIMARY KEY, phone text); INSERT INTO users SELECT n, 'p' || n FROM generate_series(1, 1000) n",
  );
});

test("without an approval it is denied, and the denial has the command that approves it", async () => {
  await scenario.commit("Drop users.phone", {
    "migrate/sql.yaml": [sqlConfigMap(migration, "ALTER TABLE users DROP COLUMN phone;")],
    "migrate/job.yaml": [migrationJob(migration)],
  });
  await scenario.follow("migrate");
  const { message } = await flux.wait("Kustomization", migrate, ({ message }) => message.includes("MG-"));
  expect(message).toContain("denied [MG-DENIED]: 1 statement may not run on Cluster");
  expect(message).toContain("missing approval: 0 of 1 (dba). Approve:  migration-gate approve sha256:");
});

test("with the approval in Git only the recovery point is missing, and the denial says how to get one", async () => {
  await approve(await digestOfDenial());
  const revision = await scenario.commit("Approve dropping users.phone", {});
  const denied = await flux.wait("Kustomization", migrate, ({ message }) => message.includes("MG-CHECKPOINT"));
  expect(denied).toMatchObject({ status: "False", reason: "ReconciliationFailed", attempted: revision });
  expect(denied.message).toContain(
    `denied [MG-CHECKPOINT]: 1 statement may not run on Cluster ${namespace}/app-postgres yet\n`,
  );
  expect(denied.message).toContain(
    `missing recovery point: none completed within 60m. Take one:  kubectl cnpg backup app-postgres -n ${namespace} --backup-target primary --method plugin --plugin-name barman-cloud.cloudnative-pg.io\n`,
  );
  expect(denied.message).not.toContain("missing approval");
  expect(writtenByFlux()).toEqual([]);
  expect(await scenario.database().columns("users")).toEqual(["id", "phone"]);
});

test("after the Backup the next sync runs it, without another commit, and the column is gone", async () => {
  const before = await flux.ready("Kustomization", migrate);
  await scenario.backup("before-1-5-0");
  const ready = await flux.wait("Kustomization", migrate, ({ status }) => status === "True");
  expect(ready).toMatchObject({ reason: "ReconciliationSucceeded", attempted: before?.attempted });

  const written = writtenByFlux();
  expect(written.map(({ resource, name, verb }) => `${verb} ${resource}/${name}`)).toEqual([
    `patch configmaps/${migration.name}`,
    `patch jobs/${migration.name}`,
  ]);
  expect(written[1]?.annotations["enforced-runs.migration-gate.dev/decision"]).toBe("allow");
  const backup = await client.read("postgresql.cnpg.io/v1", "Backup", namespace, "before-1-5-0");
  expect(Date.parse(written[1]?.time ?? "")).toBeGreaterThan(Date.parse(String(field(backup, "status", "stoppedAt"))));

  expect(await scenario.database().columns("users")).toEqual(["id"]);
  expect(await scenario.database().query("SELECT count(*) FROM users")).toEqual([["1000"]]);
});

/** What stands in the denial, copied as a person would. */
async function digestOfDenial(): Promise<string> {
  const { message } = await flux.wait("Kustomization", migrate, ({ status }) => status === "False");
  const digest = /migration-gate approve (sha256:[0-9a-f]{64}) --as <you>/.exec(message)?.[1];
  if (digest === undefined) throw new Error(`no digest in: ${message}`);
  return digest;
}

/** By the command line, into the manifests of the repository, with the policies of the platform repository. */
async function approve(digest: string): Promise<void> {
  const policies = await cloneRepository(scenario, platform);
  try {
    const into = ["--in", join(scenario.folder, "migrate"), "--policies", join(policies.folder, "policies")];
    const context = (await client.kubectl(["config", "current-context"])).trim();
    const printed = await run(
      "npm",
      ["run", "--silent", "gate", "--", "approve", digest, "--as", "alice", ...into, "--context", context],
      { cwd: join(import.meta.dirname, "../../.."), env: { KUBECONFIG: client.kubeconfig } },
    );
    expect(printed).toContain(`Job ${namespace}/${migration.name}: alice approves\n`);
  } finally {
    policies.close();
  }
}

function writtenByFlux() {
  const real = scenario.audit.events({ namespace, user: kustomizeController, dryRun: false });
  return real.filter(({ code }) => code < 300);
}
