import { describe, expect, it } from "vitest";
import { readChangeFacts } from "../../src/facts/changes.ts";
import { annotationsOf, isInstanceManagersPod, readOwners } from "../../src/facts/owners.ts";
import { readRecoveryFacts } from "../../src/facts/recovery.ts";
import { readTrust } from "../../src/facts/scope.ts";
import { ReadError } from "../../src/model/errors.ts";
import { target } from "../gate/decisions.ts";
import * as o from "../gate/objects.ts";
import { jobController, remove } from "../gate/requests.ts";
import { noAnalyzer, readerOf, shippedPolicy, worldOf } from "../gate/world.ts";

const signal = new AbortController().signal;
const noted = (name: string, value: string) => ({ annotations: { [name]: value } });

describe("owners", () => {
  const cron = o.object("batch/v1", "CronJob", "nightly", {}, { annotations: { a: "cron", c: "cron" } });
  const job = o.job({}, { ...o.ownedBy("CronJob", "nightly"), annotations: { a: "job", b: "job" } });
  const pod = (metadata = {}) => o.pod({}, { ...o.ownedBy("Job", "mig"), ...metadata });

  it("lead from the Pod over its Job to the CronJob, and the nearest annotation counts", async () => {
    const chain = await readOwners(pod(noted("b", "pod")), readerOf([cron, job]), signal);
    expect(chain.map(({ kind }) => kind)).toEqual(["Pod", "Job", "CronJob"]);
    expect(annotationsOf(chain)).toEqual({ a: "job", b: "pod", c: "cron" });
  });

  it.each([
    ["bears another uid", pod(o.ownedBy("Job", "mig", "batch/v1", "forged"))],
    ["is gone", pod(o.ownedBy("Job", "gone"))],
    ["is of another group", pod(o.ownedBy("Job", "mig", "evil.io/v1"))],
    [
      "does not control it",
      pod({ ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name: "mig", uid: "uid-of-mig" }] }),
    ],
    ["lives in another namespace", pod({ namespace: "staging" })],
  ])("are none where the owner %s", async (_name, carrier) => {
    expect(await readOwners(carrier, readerOf([cron, job]), signal)).toEqual([carrier]);
  });
});

describe("an instance manager's Pod", () => {
  const manager = { containers: [{ command: ["/controller/manager", "instance", "join"] }] };
  const ofCluster = o.ownedBy("Cluster", "app-postgres", "postgresql.cnpg.io/v1");
  const job = o.job({}, ofCluster);
  it.each([
    ["made by the Job controller, of a Job of a live Cluster", jobController, o.pod(manager), job, true],
    ["made by somebody else", "ann", o.pod(manager), job, false],
    ["of a Job of nobody", jobController, o.pod(manager), o.job({}), false],
    [
      "of a Job of a Cluster that is gone",
      jobController,
      o.pod(manager),
      o.job({}, o.ownedBy("Cluster", "gone", "postgresql.cnpg.io/v1")),
      false,
    ],
    [
      "that runs something beside the manager",
      jobController,
      o.pod({ containers: [...manager.containers, { command: ["psql"] }] }),
      job,
      false,
    ],
    [
      "that reads a ConfigMap, which may have changed",
      jobController,
      o.pod({ ...manager, volumes: [{ configMap: { name: "x" } }] }),
      job,
      false,
    ],
    ["in another namespace than the Cluster", jobController, o.pod(manager, { namespace: "staging" }), job, false],
  ])("%s", (_name, account, pod, owner, is) => {
    expect(isInstanceManagersPod(account, [pod, owner], [o.cluster()])).toBe(is);
  });
});

describe("an instance manager's account", () => {
  const account = "system:serviceaccount:production:app-postgres";
  const from = (pods: readonly string[] | null, username = account) => ({
    ...remove(o.backup()),
    userInfo: {
      username,
      groups: [],
      ...(pods === null ? {} : { extra: { "authentication.kubernetes.io/pod-name": pods } }),
    },
  });
  it.each([
    ["from an instance", from(["app-postgres-1"]), true],
    ["from no Pod, as who impersonates it", from(null), false],
    ["from a Pod somebody started under it", from(["mallory"]), false],
    ["of another namespace", from(["app-postgres-1"], "system:serviceaccount:staging:app-postgres"), false],
  ])("%s", async (_name, request, is) => {
    const facts = await readChangeFacts(request, worldOf(o.healthy, { analyzer: noAnalyzer }), signal);
    expect(facts.isInstanceManager).toBe(is);
  });
});

it("what cannot be read of the way back is a problem in words, never nothing", async () => {
  const reader = readerOf(o.healthy);
  const silent = {
    ...reader,
    list: (kind: never, ...rest: [never, never]) =>
      kind === "Backup"
        ? Promise.reject(new ReadError("READ_TIMEOUT", "backups of namespace production could not be read: no answer"))
        : reader.list(kind, ...rest),
  };
  const facts = await readRecoveryFacts(target, silent, signal);
  expect([facts.cluster?.metadata.name, facts.problems]).toEqual([
    "app-postgres",
    ["backups of namespace production could not be read: no answer"],
  ]);
});

it("only images that all policies concerned list are trusted, and the stricter word on programs holds", async () => {
  const policies = [
    { ...shippedPolicy("production"), images: ["a/*", "b/psql"] },
    { ...shippedPolicy("develop"), images: ["b/psql", "c/psql"], unknownWorkloads: "deny" as const },
  ];
  const world = worldOf(o.healthy, { analyzer: noAnalyzer, policies: () => policies });
  expect(await readTrust(["production", "develop"], world, signal)).toMatchObject({
    images: ["b/psql"],
    unknownWorkloads: "deny",
  });
  expect((await readTrust(["production", "unlabelled"], world, signal)).images).toEqual([]);
});
