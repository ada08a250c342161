import { beforeAll, expect, test } from "vitest";
import { field, type Manifest } from "../../deploy/objects.ts";
import { inlineMigrationJob, waitFor, withSpec } from "../install/migrations.ts";
import { until } from "../sandbox/until.ts";
import { openScenario } from "../scenario.ts";
import { kustomizeController } from "../witnesses/flux.ts";

const scenario = await openScenario("prune-and-force");
const { name: namespace, client, flux, audit } = scenario;
const database = scenario.database();

beforeAll(() => scenario.startDatabase("CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE signals (name text)"));

test("Flux may not prune a run that is under way: it goes on to its end, then it is pruned", async () => {
  const app = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "app", namespace }, data: { version: "1.6.0" } };
  await scenario.commit("Add users.pruned", { "prune/job.yaml": [waitingJob("pruned")], "prune/app.yaml": [app] });
  const prune = await scenario.follow("prune", { wait: false });
  await running("pruned");

  await scenario.commit("Forget the Job", { "prune/job.yaml": null });
  const denied = await flux.wait("Kustomization", prune, ({ message }) => message.includes("MG-RUNNING"));
  expect(denied).toMatchObject({ status: "False", reason: "PruneFailed" });
  expect(denied.message).toContain(`Job/${namespace}/pruned delete failed: admission webhook`);
  expect(denied.message).toContain(mayNotBeDeleted("pruned"));
  expect(deletions("pruned").every(({ code }) => code === 403)).toBe(true);
  await running("pruned");
  expect(await database.columns("users")).toEqual(["id"]);

  await signal("pruned");
  expect(await flux.wait("Kustomization", prune, ({ status }) => status === "True")).toMatchObject({
    reason: "ReconciliationSucceeded",
  });
  expect(await database.columns("users")).toEqual(["id", "pruned"]);
  expect(deletions("pruned").filter(({ code }) => code === 200)).toHaveLength(1);
  expect(deletions("pruned").at(-1)?.code).toBe(200);
});

test("Flux's force may not replace a run that is under way: it goes on to its end, then the next one runs", async () => {
  await scenario.commit("Add users.forced", { "force/job.yaml": [waitingJob("forced")] });
  const force = await scenario.follow("force", { wait: false, force: true });
  await running("forced");

  const next = inlineMigrationJob({ ...run, name: "forced" }, "ALTER TABLE users ADD COLUMN next text");
  await scenario.commit("Add users.next", { "force/job.yaml": [next] });
  const denied = await flux.wait("Kustomization", force, ({ message }) => message.includes("MG-RUNNING"));
  expect(denied).toMatchObject({ status: "False", reason: "ReconciliationFailed" });
  expect(denied.message).toContain("failed to delete object: admission webhook");
  expect(denied.message).toContain(mayNotBeDeleted("forced"));
  expect(deletions("forced").every(({ code }) => code === 403)).toBe(true);
  await running("forced");
  expect(await database.columns("users")).toEqual(["id", "pruned"]);

  await signal("forced");
  expect(await flux.wait("Kustomization", force, ({ status }) => status === "True")).toMatchObject({
    reason: "ReconciliationSucceeded",
  });
  await until("the next run has ended", async () => ((await database.columns("users")).length > 3 ? true : undefined));
  expect(await database.columns("users")).toEqual(["id", "pruned", "forced", "next"]);
  expect(deletions("forced").filter(({ code }) => code === 200)).toHaveLength(1);
  const created = audit.events({
    namespace,
    resource: "jobs",
    name: "forced",
    verb: "patch",
    code: 201,
    dryRun: false,
  });
  expect(created).toMatchObject([{ user: kustomizeController }, { user: kustomizeController }]);
});

test("another service account may not delete it either, until its abort is written on it", async () => {
  await client.apply([waitingJob("aborted")]);
  await running("aborted");
  const deployer = client.as("system:serviceaccount:ci:deployer", "system:masters");
  const deletion = ["delete", inNamespace, "job", "aborted"];
  const denied = await deployer.attempt(deletion);
  expect(denied.code).toBe(1);
  expect(denied.stderr).toContain(mayNotBeDeleted("aborted"));
  await running("aborted");

  const uid = field(await client.read("batch/v1", "Job", namespace, "aborted"), "metadata", "uid");
  await client.kubectl(["annotate", inNamespace, "job", "aborted", `migration-gate.dev/abort=${uid}`]);
  await deployer.kubectl(deletion);
  expect(deletions("aborted", "system:serviceaccount:ci:deployer")).toMatchObject([{ code: 403 }, { code: 200 }]);
  expect(await database.columns("users")).not.toContain("aborted");
});

test("a person who deletes it is warned; its Pod may go, and the one in its place is judged", async () => {
  await client.apply([withSpec(waitingJob("stopped"), { backoffLimit: 1 })]);
  const first = await running("stopped");
  await client.kubectl(["delete", inNamespace, "pod", first, "--grace-period=1"]);
  const second = await until("another Pod runs", async () => {
    const pod = await running("stopped");
    return pod === first ? undefined : pod;
  });
  expect(second).not.toBe(first);
  expect(audit.events({ namespace, resource: "pods", verb: "create", user: jobController }).slice(-2)).toMatchObject([
    { code: 201, annotations: { [decision]: "warn" } },
    { code: 201, annotations: { [decision]: "warn" } },
  ]);

  const said = await client.attempt(["delete", inNamespace, "job", "stopped"]);
  expect(said.code).toBe(0);
  expect(said.stderr).toContain("Warning: [MG-RUNNING] still running: a Pod of it has started the container");
  expect(deletions("stopped", "admin")).toMatchObject([{ code: 200, annotations: { [decision]: "warn" } }]);
  expect(await database.columns("users")).not.toContain("stopped");
});

const inNamespace = `--namespace=${namespace}`;
const run = { namespace, cluster: "app-postgres" };
const decision = "enforced-runs.migration-gate.dev/decision";
const jobController = "system:serviceaccount:kube-system:job-controller";

/** A run that is under way until it gets the signal of its name; then it adds a column of its name. */
function waitingJob(name: string): Manifest {
  return inlineMigrationJob({ ...run, name }, `${waitFor(name)} ALTER TABLE users ADD COLUMN ${name} text`);
}

async function signal(name: string): Promise<void> {
  await database.query(`INSERT INTO signals VALUES ('${name}')`);
}

function mayNotBeDeleted(job: string): string {
  return `denied [MG-RUNNING]: Job ${namespace}/${job} may not be deleted while its SQL may be running`;
}

/** The Pod of a Job whose container runs, once there is one. */
async function running(job: string): Promise<string> {
  return until(`a Pod of Job ${job} runs`, async () => {
    const pods = await client.list("v1", "Pod", namespace);
    const pod = pods
      .filter((one) => field(one, "metadata", "labels", "job-name") === job)
      .filter((one) => field(one, "metadata", "deletionTimestamp") === undefined)
      .find((one) => field(one, "status", "containerStatuses", 0, "state", "running") !== undefined);
    return pod && String(field(pod, "metadata", "name"));
  });
}

function deletions(job: string, user = kustomizeController) {
  return audit.events({ namespace, resource: "jobs", name: job, verb: "delete", user, dryRun: false });
}
