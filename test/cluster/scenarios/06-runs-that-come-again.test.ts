import { beforeAll, expect, test } from "vitest";
import { field, type Manifest } from "../../deploy/objects.ts";
import { asDocuments } from "../client.ts";
import { approved, everyMinute, inlineMigrationJob, waitFor, withSpec } from "../install/migrations.ts";
import { until } from "../sandbox/until.ts";
import { openScenario } from "../scenario.ts";
import type { AuditEvent } from "../witnesses/audit.ts";
import { kustomizeController } from "../witnesses/flux.ts";

const scenario = await openScenario("runs-that-come-again");
const { name: namespace, client, flux, audit } = scenario;
const inNamespace = `--namespace=${namespace}`;
const database = scenario.database();

beforeAll(() =>
  scenario.startDatabase(
    [
      "CREATE TABLE users (id int PRIMARY KEY, fax text, pager text, telex text)",
      "CREATE TABLE sessions (id int); INSERT INTO sessions VALUES (1), (2)",
      "CREATE TABLE carts (id int); INSERT INTO carts VALUES (1), (2)",
      "CREATE TABLE runs (name text); CREATE TABLE signals (name text); CREATE TABLE ready (id int)",
    ].join("; "),
  ),
);

test("a CronJob is approved once, and its Jobs and their Pods by that; a backup is asked of each run", async () => {
  const cronJob = everyMinute(job("purge", "DELETE FROM carts; INSERT INTO runs VALUES ('purge')"));
  await scenario.commit("Purge carts", { "purge/cron-job.yaml": [cronJob] });
  const purge = await scenario.follow("purge");
  const denied = await flux.wait("Kustomization", purge, ({ message }) => message.includes("missing approval"));
  expect(denied.message).toContain("delete-without-where  DELETE FROM carts");
  expect(denied.message).not.toContain("missing recovery point");

  await scenario.commit("Approve it", { "purge/cron-job.yaml": [await approved(client, cronJob)] });
  await flux.wait("Kustomization", purge, ({ status }) => status === "True");
  const byHand = await client.attempt(["create", inNamespace, "job", "too-early", "--from=cronjob/purge"]);
  expect(byHand.code).toBe(1);
  expect(byHand.stderr).toContain("denied [MG-CHECKPOINT]: 1 statement may not run on");
  expect(await database.query("SELECT count(*) FROM carts")).toEqual([["2"]]);

  await scenario.backup("this-hour");
  await client.kubectl(["create", inNamespace, "job", "by-hand", "--from=cronjob/purge"]);
  await complete("by-hand");
  expect(await database.query("SELECT count(*) FROM carts")).toEqual([["0"]]);
  expect(created("jobs", { name: "by-hand" })).toMatchObject([{ annotations: { [decision]: "allow" } }]);
});

test("a suspended Job is judged when it is made, and again when it is resumed", async () => {
  const resumed = job("resumed", "ALTER TABLE users DROP COLUMN pager");
  const consented = await approved(client, resumed);
  const file = (content: Manifest, suspend: boolean) => ({ "resumed/job.yaml": [withSpec(content, { suspend })] });
  await scenario.commit("Drop users.pager, later", file(resumed, true));
  const kustomization = await scenario.follow("resumed");
  const missing = ({ message }: { readonly message: string }) => message.includes("missing approval: 0 of 1 (dba)");
  await flux.wait("Kustomization", kustomization, missing);
  expect(await client.read("batch/v1", "Job", namespace, "resumed")).toBeUndefined();

  await scenario.commit("Approve it", file(consented, true));
  await flux.wait("Kustomization", kustomization, ({ status }) => status === "True");
  expect(await phasesOf("resumed")).toEqual([]);

  await scenario.commit("Resume it, without its approval", file(resumed, false));
  await flux.wait("Kustomization", kustomization, missing);
  expect(field(await client.read("batch/v1", "Job", namespace, "resumed"), "spec", "suspend")).toBe(true);
  expect(await phasesOf("resumed")).toEqual([]);
  expect(await database.columns("users")).toContain("pager");

  await scenario.commit("Resume it, approved", file(consented, false));
  await flux.wait("Kustomization", kustomization, ({ status }) => status === "True");
  expect(await database.columns("users")).not.toContain("pager");
});

test("a Job that the API server names is judged like any other", async () => {
  const named = job("generated", "ALTER TABLE users DROP COLUMN telex");
  const { name, ...metadata } = Object(named["metadata"]);
  const generated = { ...named, metadata: { ...metadata, generateName: `${name}-` } };
  const create = (one: Manifest) => client.attempt(["create", "--filename=-", "--output=name"], asDocuments([one]));
  const denied = await create(generated);
  expect(denied.code).toBe(1);
  expect(denied.stderr).toContain("denied [MG-DENIED]: 1 statement may not run on");
  expect(denied.stderr).toContain(`Job ${namespace}/generated- `);

  const said = await create(await approved(client, generated));
  expect(said.stdout).toMatch(/^job\.batch\/generated-\w{5}$/m);
  await complete(said.stdout.trim().slice("job.batch/".length));
  expect(await database.columns("users")).not.toContain("telex");
});

test("a failing Job's next Pod is judged again: its approval was taken back, so it does not start", async () => {
  const sql = `${waitFor("go")} SELECT 1 / count(*) FROM ready; ALTER TABLE users DROP COLUMN fax`;
  const retried = withSpec(await approved(client, job("retried", sql)), { backoffLimit: 6 });
  await scenario.commit("Drop users.fax", { "retried/job.yaml": [retried] });
  const kustomization = await scenario.follow("retried", { timeout: "4m" });
  await until("its Pod runs", async () => ((await phasesOf("retried"))[0] === "Running" ? true : undefined), 120);

  const approval = "approval.migration-gate.dev/alice";
  const digest = field(retried, "metadata", "annotations", approval);
  await client.kubectl(["annotate", inNamespace, "job", "retried", `${approval}-`]);
  await database.query("INSERT INTO signals VALUES ('go')");
  await until("the next Pod was denied", async () => {
    const denied = audit.events({ namespace, resource: "pods", user: jobController, code: 403 });
    return denied.find(({ message }) => message.includes("missing approval: 0 of 1 (dba)"));
  });
  expect(await phasesOf("retried")).toEqual(["Failed"]);
  expect(await database.columns("users")).toContain("fax");

  await database.query("INSERT INTO ready VALUES (1)");
  await client.kubectl(["annotate", inNamespace, "job", "retried", `${approval}=${digest}`]);
  expect(await flux.wait("Kustomization", kustomization, ({ status }) => status === "True")).toMatchObject({
    reason: "ReconciliationSucceeded",
  });
  expect((await phasesOf("retried")).toSorted()).toEqual(["Failed", "Succeeded"]);
  expect(await database.columns("users")).not.toContain("fax");
});

test("a destructive Job that its TTL removes is not made again by Flux, though it is approved", async () => {
  const once = await approved(client, job("clean", "DELETE FROM sessions"));
  await scenario.commit("Delete sessions", { "clean/job.yaml": [once] });
  const clean = await scenario.follow("clean");
  await flux.wait("Kustomization", clean, ({ status }) => status === "True");
  expect(await database.query("SELECT count(*) FROM sessions")).toEqual([["0"]]);
  await database.query("INSERT INTO sessions VALUES (3)");

  await scenario.commit("Clear it away", { "clean/job.yaml": [withSpec(once, { ttlSecondsAfterFinished: 0 })] });
  await gone("clean");
  await flux.reconcile("Kustomization", clean);
  const denied = await flux.wait("Kustomization", clean, ({ message }) => message.includes("MG-"));
  expect(denied).toMatchObject({ status: "False", reason: "ReconciliationFailed" });
  expect(denied.message).toContain(
    `denied [MG-RERUN]: Job ${namespace}/clean may not run: it would run again at every sync`,
  );
  expect(denied.message).toContain("Do:  remove spec.ttlSecondsAfterFinished and give every migration a Job name");
  expect(created("jobs", { name: "clean" })).toHaveLength(1);
  expect(await database.query("SELECT id FROM sessions")).toEqual([["3"]]);
});

test("an additive one is made again, and runs again", async () => {
  const sql = "ALTER TABLE users ADD COLUMN IF NOT EXISTS email text; INSERT INTO runs VALUES ('again')";
  const again = withSpec(job("again", sql), { ttlSecondsAfterFinished: 0 });
  await scenario.commit("Add users.email", { "again/job.yaml": [again] });
  const kustomization = await scenario.follow("again");
  await flux.wait("Kustomization", kustomization, ({ status }) => status === "True");
  await gone("again");
  expect(await flux.reconcile("Kustomization", kustomization)).toMatchObject({ status: "True" });
  await gone("again");
  expect(created("jobs", { name: "again", user: kustomizeController })).toMatchObject([
    { annotations: { [decision]: "warn" } },
    { annotations: { [decision]: "warn" } },
  ]);
  expect(await runsOf("again")).toBe(2);
});

test("the CronJob has run by its schedule as well", async () => {
  const scheduled = await until(
    "its Job and its Pod were made",
    async () => {
      const jobs = created("jobs", { user: "system:serviceaccount:kube-system:cronjob-controller" });
      return (await runsOf("purge")) >= 2 && jobs.length > 0 ? jobs : undefined;
    },
    90,
  );
  expect(scheduled[0]).toMatchObject({ annotations: { [decision]: "allow" } });
});

const decision = "enforced-runs.migration-gate.dev/decision";
const jobController = "system:serviceaccount:kube-system:job-controller";

function job(name: string, sql: string): Manifest {
  return inlineMigrationJob({ name, namespace, cluster: "app-postgres" }, sql);
}

/** What was really made. */
function created(resource: string, filter: Partial<AuditEvent>): readonly AuditEvent[] {
  return audit.events({ namespace, resource, code: 201, dryRun: false, ...filter });
}

async function complete(name: string): Promise<void> {
  await client.kubectl(["wait", inNamespace, `job/${name}`, "--for=condition=Complete", "--timeout=60s"]);
}

async function gone(name: string): Promise<void> {
  await until(`Job ${name} is gone`, async () => {
    return (await client.read("batch/v1", "Job", namespace, name)) === undefined ? true : undefined;
  });
}

async function phasesOf(name: string): Promise<readonly string[]> {
  const pods = await client.list("v1", "Pod", namespace);
  return pods
    .filter((pod) => field(pod, "metadata", "labels", "job-name") === name)
    .map((pod) => String(field(pod, "status", "phase")));
}

async function runsOf(name: string): Promise<number> {
  const [[count] = []] = await database.query(`SELECT count(*) FROM runs WHERE name = '${name}'`);
  return Number(count);
}
