import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { field, type Manifest } from "../../deploy/objects.ts";
import { inlineMigrationJob } from "../install/migrations.ts";
import { until } from "../sandbox/until.ts";
import { openScenario } from "../scenario.ts";
import { kustomizeController } from "../witnesses/flux.ts";

const scenario = await openScenario("force");
const { name: namespace, client, flux } = scenario;

/** An object that Flux applies under force, from a folder of its own, and what then becomes of it in Git. */
interface Forced {
  readonly what: string;
  readonly folder: string;
  /** On the Kustomization: `force: true`, unless the object itself says so. */
  readonly spec: Manifest;
  readonly first: Manifest;
  readonly denied: Manifest;
  /** Where the gate stands in the way: a Job's template never comes as far as the validating webhooks. */
  readonly by: "enforced-job-changes" | "enforced-runs" | "enforced-clusters";
  readonly shown: string;
}

const addNotes = "ALTER TABLE users ADD COLUMN IF NOT EXISTS notes text";
const dropPhone = "ALTER TABLE users DROP COLUMN phone";

const ways: readonly Forced[] = [
  {
    ...{ what: "a Job, force: true on its Kustomization", folder: "whole", spec: { force: true } },
    ...{ first: jobOf("whole", addNotes), denied: jobOf("whole", dropPhone), by: "enforced-job-changes" },
    shown: dropPhone,
  },
  {
    ...{ what: "a Job, force in its own annotation", folder: "object", spec: {} },
    ...{ first: jobOf("object", addNotes), denied: jobOf("object", dropPhone), by: "enforced-job-changes" },
    shown: dropPhone,
  },
];

/** What Flux looks for in a refusal before it deletes the object, to make it again. */
const words = /is\simmutable|immutable\sfield/i;
const comment = "/* what is immutable stays: an immutable field */ -- this one is immutable\n";
const dropColumn = 'ALTER TABLE "is immutable" DROP COLUMN "immutable field"';

/** Flux applies at most four Kustomizations at a time, and these would only wait for their Jobs. */
const unawaited = { force: true, wait: false };

const wordings: readonly Forced[] = [
  {
    ...{ what: "the words in a comment and as a table's name, in a Job", folder: "job", spec: unawaited },
    ...{ first: jobOf("job", addNotes), denied: jobOf("job", `${comment}DROP TABLE "is immutable"`) },
    ...{ by: "enforced-job-changes", shown: 'DROP TABLE "is-immutable"' },
  },
  {
    ...{ what: "the words as a file's name, in a Job", folder: "file", spec: unawaited },
    ...{ first: jobOf("file", addNotes), denied: jobOf("file", null), by: "enforced-job-changes" },
    shown: "psql -f /sql/what is-immutable.sql",
  },
  {
    ...{ what: "the words as a column's name, in a CronJob", folder: "cron-job", spec: unawaited },
    ...{ first: cronJobOf(jobOf("cron-job", addNotes)), denied: cronJobOf(jobOf("cron-job", dropColumn)) },
    ...{ by: "enforced-runs", shown: 'ALTER TABLE "is-immutable" DROP COLUMN "immutable-field"' },
  },
  {
    ...{ what: "the words as a database's name, in a Database", folder: "database", spec: unawaited },
    ...{ first: databaseOf("present"), denied: databaseOf("absent"), by: "enforced-clusters" },
    shown: "drops database is-immutable",
  },
];

const all = [...ways, ...wordings];
const before = new Map<string, unknown>();
let revision = "";

beforeAll(async () => {
  await scenario.startDatabase(
    `CREATE TABLE users (id int PRIMARY KEY, phone text); CREATE TABLE "is immutable" ("immutable field" int);
     INSERT INTO users SELECT n, 'p' || n FROM generate_series(1, 1000) n; INSERT INTO "is immutable" VALUES (1)`,
  );
  await scenario.commit("What passes", filesOf(all, "first"));
  for (const { folder, spec } of all) await scenario.follow(folder, spec);
  for (const { folder, first } of all) {
    await flux.wait("Kustomization", `${namespace}-${folder}`, ({ status }) => status === "True");
    before.set(folder, await uidOf(first));
  }
  const jobs = [`--namespace=${namespace}`, "--all", "--for=condition=Complete", "--timeout=90s"];
  await client.kubectl(["wait", "jobs", ...jobs]);
  revision = await scenario.commit("What is denied", filesOf(all, "denied"));
});

describe.each(all)("$what", ({ folder, first, by, shown }) => {
  test("changed and denied, it is not deleted", async () => {
    const isDenied = ({ message }: { readonly message: string }) => message.includes("MG-");
    const denied = await flux.wait("Kustomization", `${namespace}-${folder}`, isDenied);
    expect(denied).toMatchObject({ status: "False", reason: "ReconciliationFailed", attempted: revision });
    expect(denied.message).toContain(
      `dry-run failed (MigrationDenied): admission webhook "${by}.migration-gate.dev" denied the request: denied [MG-`,
    );
    expect(denied.message).toContain(shown);
    expect(denied.message).not.toMatch(words);
    // Flux deletes within the same try: the second one shows that the first has ended
    await until("Flux has tried twice", async () => (eventsOf(first, { code: 403 }).length >= 2 ? true : undefined));
    expect(eventsOf(first, { verb: "delete" })).toEqual([]);
    expect(await uidOf(first)).toBe(before.get(folder));
  });
});

test("the Pods of the denied Jobs are there with their logs, and so is what they would have dropped", async () => {
  for (const { first } of ways) {
    const job = `job/${field(first, "metadata", "name")}`;
    expect(await client.kubectl(["logs", `--namespace=${namespace}`, job])).toContain("ALTER TABLE\n");
  }
  const { query } = scenario.database();
  expect(await query("SELECT count(phone) FROM users")).toEqual([["1000"]]);
  expect(await query('SELECT "immutable field" FROM "is immutable"')).toEqual([["1"]]);
  expect(await query("SELECT datname FROM pg_database WHERE datname LIKE '% %'")).toEqual([["is immutable"]]);
});

test("changed and allowed, both Jobs are replaced, and their SQL runs", async () => {
  const allowed = ways.map((way) => ({
    ...way,
    denied: jobOf(way.folder, `ALTER TABLE users ADD ${way.folder}_ text`),
  }));
  const latest = await scenario.commit("What is allowed", filesOf(allowed, "denied"));
  for (const { folder, first } of ways) {
    const isReady = ({ status, attempted }: { readonly status: string; readonly attempted: string }) =>
      status === "True" && attempted === latest;
    await flux.wait("Kustomization", `${namespace}-${folder}`, isReady);
    expect(eventsOf(first, { verb: "delete" })).toMatchObject([{ code: 200, dryRun: false }]);
    expect(await uidOf(first)).not.toBe(before.get(folder));
  }
  const columns = await scenario.database().columns("users");
  expect(columns.toSorted()).toEqual(["id", "notes", "object_", "phone", "whole_"]);
});

describe("the same words in somebody else's refusal", () => {
  const policy = { apiVersion: "admissionregistration.k8s.io/v1", metadata: { name: `${namespace}-words` } };
  const settings = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace } };
  const frozen = { ...settings, data: { mode: "frozen" } };
  const kinds = "validatingadmissionpolicies,validatingadmissionpolicybindings";
  afterAll(async () => void (await client.kubectl(["delete", kinds, policy.metadata.name])));

  test("have Flux delete the object: what the gate guards against does happen", async () => {
    await scenario.commit("Settings", { "settings/settings.yaml": [{ ...settings, data: { mode: "open" } }] });
    const kustomization = await scenario.follow("settings", { force: true });
    await flux.wait("Kustomization", kustomization, ({ status }) => status === "True");
    await client.apply(refusal());
    const create = ["create", "--dry-run=server", "--output=name", "--filename", "-"];
    const probe = JSON.stringify({ ...frozen, metadata: { name: "probe", namespace } });
    await until("the policy acts", async () => ((await client.attempt(create, probe)).code === 0 ? undefined : true));

    await scenario.commit("Freeze", { "settings/settings.yaml": [frozen] });
    await until("Flux has deleted", async () => eventsOf(settings, { verb: "delete", code: 200 })[0]);
    expect(await client.read("v1", "ConfigMap", namespace, "settings")).toBeUndefined();
  });

  function refusal(): readonly Manifest[] {
    const resourceRules = [
      { apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"], operations: ["CREATE", "UPDATE"] },
    ];
    const validations = [
      {
        expression: "!has(object.data) || !('mode' in object.data) || object.data.mode != 'frozen'",
        message: "this is immutable",
        reason: "Forbidden",
      },
    ];
    const matchResources = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } };
    return [
      {
        ...{ ...policy, kind: "ValidatingAdmissionPolicy" },
        spec: { matchConstraints: { resourceRules }, validations },
      },
      {
        ...{ ...policy, kind: "ValidatingAdmissionPolicyBinding" },
        spec: { policyName: policy.metadata.name, validationActions: ["Deny"], matchResources },
      },
    ];
  }
});

function filesOf(forced: readonly Forced[], which: "first" | "denied"): Readonly<Record<string, readonly Manifest[]>> {
  return Object.fromEntries(forced.map((one) => [`${one.folder}/object.yaml`, [one[which]]]));
}

/** What Flux asked the API server to do to an object. */
function eventsOf(object: Manifest, filter: Parameters<typeof scenario.audit.events>[0]) {
  const resource = `${String(object["kind"]).toLowerCase()}s`;
  const name = String(field(object, "metadata", "name"));
  return scenario.audit.events({ namespace, resource, name, user: kustomizeController, ...filter });
}

async function uidOf(object: Manifest): Promise<unknown> {
  const [apiVersion, kind] = [String(object["apiVersion"]), String(object["kind"])];
  const live = await client.read(apiVersion, kind, namespace, String(field(object, "metadata", "name")));
  return field(live, "metadata", "uid");
}

/** `sql: null` is a file that is not in any ConfigMap. */
function jobOf(folder: string, sql: string | null): Manifest {
  const annotations = folder === "object" ? { "kustomize.toolkit.fluxcd.io/force": "enabled" } : {};
  const job = inlineMigrationJob(
    { name: `migrate-${folder}`, namespace, cluster: "app-postgres", annotations },
    sql ?? "",
  );
  if (sql !== null) return job;
  const file = JSON.stringify("/sql/what is immutable.sql");
  return JSON.parse(JSON.stringify(job).replace('"--command",""', `"--file",${file}`));
}

/** The same run, once a year. */
function cronJobOf({ metadata, spec }: Manifest): Manifest {
  return {
    ...{ apiVersion: "batch/v1", kind: "CronJob", metadata },
    spec: { schedule: "0 0 1 1 *", jobTemplate: { spec } },
  };
}

function databaseOf(ensure: string): Manifest {
  return {
    ...{ apiVersion: "postgresql.cnpg.io/v1", kind: "Database", metadata: { name: "words", namespace } },
    spec: { name: "is immutable", owner: "app", cluster: { name: "app-postgres" }, ensure },
  };
}
