import { beforeAll, describe, expect, test } from "vitest";
import { field, type Manifest } from "../../deploy/objects.ts";
import { asDocuments, type Said } from "../client.ts";
import { migrationJob, sqlConfigMap, waitFor, withPodSpec, withSpec } from "../install/migrations.ts";
import { until } from "../sandbox/until.ts";
import { openScenario } from "../scenario.ts";
import { kustomizeController } from "../witnesses/flux.ts";

const scenario = await openScenario("swapped-sql");
const { name: namespace, client, flux, audit } = scenario;
const inNamespace = `--namespace=${namespace}`;
const run = { namespace, cluster: "app-postgres" };
const database = scenario.database();
const destructive = "ALTER TABLE users DROP COLUMN phone;";

beforeAll(() =>
  scenario.startDatabase(
    "CREATE TABLE users (id int PRIMARY KEY, phone text); INSERT INTO users SELECT n, 'p' || n FROM generate_series(1, 1000) n; CREATE TABLE signals (name text); CREATE TABLE ready (id int)",
  ),
);

describe("a ConfigMap whose SQL is another one when its Pod comes", () => {
  test("between the Job's admission and its Pod: the Pod does not start, until Flux has put the SQL back", async () => {
    // no Pod can be made before its account is there, so the swap comes in between for sure
    const job = withPodSpec(migrationJob({ ...run, name: "first" }), { serviceAccountName: "migrator" });
    const files = { "first/job.yaml": [additive("first"), job] };
    await scenario.commit("Add users.first", files);
    const kustomization = await scenario.follow("first", { wait: false });
    await flux.wait("Kustomization", kustomization, ({ status }) => status === "True");

    expect(await put("first", destructive)).toMatchObject({ code: 0 });
    await client.apply([{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "migrator", namespace } }]);
    await podDenied("first");
    expect(await podsOf("first")).toEqual([]);
    expect(await phones()).toEqual([["1000"]]);

    expect(await flux.reconcile("Kustomization", kustomization)).toMatchObject({ status: "True" });
    await complete("first");
    const writes = audit.events({ namespace, resource: "configmaps", name: "first", dryRun: false });
    expect(writes.map(({ user }) => user)).toContain("admin");
    expect(writes.at(-1)).toMatchObject({ user: kustomizeController, code: 200 });
    expect(await database.columns("users")).toEqual(["id", "phone", "first"]);
  });

  test("before a retry: not while a Pod may read it, and the next Pod does not start", async () => {
    const sql = `${waitFor("go")} SELECT 1 / count(*) FROM ready; ALTER TABLE users ADD COLUMN retried text;`;
    const job = withSpec(migrationJob({ ...run, name: "retried" }), { backoffLimit: 6 });
    await client.apply([sqlConfigMap({ namespace, name: "retried" }, sql), job]);
    await until("its Pod runs", async () => ((await podsOf("retried"))[0] === "Running" ? true : undefined), 120);
    const denied = await put("retried", destructive);
    expect(denied.code).toBe(1);
    expect(denied.stderr).toContain(denial);

    await database.query("INSERT INTO signals VALUES ('go')");
    await until("no Pod may read it any more", async () => {
      return (await put("retried", destructive)).code === 0 ? true : undefined;
    });
    await podDenied("retried");
    expect(new Set(await podsOf("retried"))).toEqual(new Set(["Failed"]));
    expect(await phones()).toEqual([["1000"]]);

    await database.query("INSERT INTO ready VALUES (1)");
    expect(await put("retried", sql)).toMatchObject({ code: 0 });
    await complete("retried");
    expect(await database.columns("users")).toEqual(["id", "phone", "first", "retried"]);
  });

  test("while it is suspended: it cannot be resumed", async () => {
    const job = migrationJob({ ...run, name: "resumed" });
    const files = { "resumed/job.yaml": [additive("resumed"), withSpec(job, { suspend: true })] };
    await scenario.commit("Prepare users.resumed", files);
    const kustomization = await scenario.follow("resumed");
    await flux.wait("Kustomization", kustomization, ({ status }) => status === "True");

    expect(await put("resumed", destructive)).toMatchObject({ code: 0 });
    const resume = ["patch", inNamespace, "job", "resumed", "--type=merge", '--patch={"spec":{"suspend":false}}'];
    const denied = await client.attempt(resume);
    expect(denied.code).toBe(1);
    expect(denied.stderr).toContain(denial);
    expect(await podsOf("resumed")).toEqual([]);
    expect(audit.events({ namespace, resource: "jobs", name: "resumed", verb: "patch", user: "admin" })).toMatchObject([
      { code: 403 },
    ]);
    expect(await phones()).toEqual([["1000"]]);

    const revision = await scenario.commit("Resume it", { "resumed/job.yaml": [additive("resumed"), job] });
    await flux.wait("Kustomization", kustomization, (now) => now.status === "True" && now.attempted === revision);
    expect(await database.columns("users")).toEqual(["id", "phone", "first", "retried", "resumed"]);
  });
});

const denial = `denied [MG-DENIED]: 1 statement may not run on Cluster ${namespace}/app-postgres yet`;
const jobController = "system:serviceaccount:kube-system:job-controller";

/** What a run is known for: a column of its name. */
function additive(name: string): Manifest {
  return sqlConfigMap({ namespace, name }, `ALTER TABLE users ADD COLUMN ${name} text;`);
}

/** Puts another SQL into a run's ConfigMap, as somebody with rights in the namespace does. */
function put(name: string, sql: string): Promise<Said> {
  return client.attempt(["replace", "--filename=-"], asDocuments([sqlConfigMap({ namespace, name }, sql)]));
}

/** The phases of a Job's Pods. */
async function podsOf(job: string): Promise<readonly unknown[]> {
  const pods = (await client.list("v1", "Pod", namespace)).filter(
    (pod) => field(pod, "metadata", "labels", "job-name") === job,
  );
  return pods.map((pod) => field(pod, "status", "phase"));
}

/** Kubernetes was not allowed to make a Pod of this Job, and says so where people look. */
async function podDenied(job: string): Promise<void> {
  const said = await until(`a Pod of Job ${job} was denied`, async () => {
    const events = await client.list("v1", "Event", namespace);
    return events.find(
      (event) => field(event, "involvedObject", "name") === job && String(event["message"]).includes("MG-DENIED"),
    );
  });
  expect(said).toMatchObject({ reason: "FailedCreate", type: "Warning", message: expect.stringContaining(denial) });
  const denied = audit.events({ namespace, resource: "pods", user: jobController, code: 403 });
  expect(denied.at(-1)?.message).toContain(`ConfigMap ${namespace}/${job} up.sql:1`);
}

async function complete(job: string): Promise<void> {
  await client.kubectl(["wait", inNamespace, `job/${job}`, "--for=condition=Complete", "--timeout=90s"]);
}

function phones() {
  return database.query("SELECT count(phone) FROM users");
}
