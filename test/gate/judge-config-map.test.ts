import { expect, it } from "vitest";
import { approvalOf, createJudge, outcome, production } from "./gate.ts";
import * as o from "./objects.ts";
import { create, update } from "./requests.ts";

const judge = createJudge();
const before = o.configMap("SELECT 1");
const after = o.configMap("DROP TABLE users");
const change = update(before, after);
const running = (metadata = {}, phase = "Running") => o.pod(o.mountedSpec, metadata, { phase });
const byJob = o.ownedBy("Job", "mig");
const warning = o.object("v1", "Pod", "warns", {
  spec: o.mountedSpec,
  status: { phase: "Running" },
});
const harmless = o.configMap("ALTER TABLE users ADD COLUMN email text");
const environment = { configMapRef: { name: "mig-sql" } };
const reading = (fields: Readonly<Record<string, unknown>>, podFields = {}) =>
  o.pod({ containers: [o.psql(["-c", "DROP TABLE users"], fields)], ...podFields }, {}, { phase: "Running" });

it.each([
  ["nothing runs", [], "allow: no run under way reads it"],
  ["a Job's Pod is running that reads it", [running(byJob)], "deny MG-DENIED"],
  ["a Job's Pod is about to start", [running(byJob, "Pending")], "deny MG-DENIED"],
  ["a Pod without a status yet", [o.pod(o.mountedSpec, byJob)], "deny MG-DENIED"],
  ["a Pod of nobody is running", [running()], "deny MG-DENIED"],
  ["its Pod has succeeded", [running(byJob, "Succeeded")], "allow: no run under way reads it"],
  ["its Pod has failed", [running(byJob, "Failed")], "allow: no run under way reads it"],
  [
    "a Deployment's Pod reads it as it likes",
    [running(o.ownedBy("ReplicaSet", "web", "apps/v1"))],
    "allow: no run under way reads it",
  ],
  [
    "a Cluster's instance reads it",
    [running(o.ownedBy("Cluster", "app-postgres", "postgresql.cnpg.io/v1"))],
    "allow: no run under way reads it",
  ],
  ["an owner nobody knows hides no run", [running(o.ownedBy("Thing", "x", "evil.io/v1"))], "deny MG-DENIED"],
  [
    "another ConfigMap is read",
    [o.pod({ ...o.mountedSpec, volumes: [{ name: "sql", configMap: { name: "other" } }] })],
    "allow: no run under way reads it",
  ],
  ["another namespace's Pod", [running({ ...byJob, namespace: "staging" })], "allow: no run under way reads it"],
  ["it is read as an environment", [reading({ envFrom: [environment] })], "deny MG-DENIED"],
  [
    "it is one of several projected sources",
    [reading({}, { volumes: [{ name: "p", projected: { sources: [{ configMap: { name: "mig-sql" } }] } }] })],
    "deny MG-DENIED",
  ],
] as const)("%s", async (_name, pods, is) => {
  expect(outcome(await judge(change, [...o.healthy, ...pods]))).toBe(is);
});

it("lets the running Pod have what is harmless", async () => {
  const decision = await judge(update(before, harmless), [...o.healthy, running(byJob)]);
  expect(outcome(decision)).toBe("warn MG-WARNED");
});

it("does not stop at a Pod that only warns: the next one may be denied", async () => {
  const spec = {
    ...o.mountedSpec,
    containers: [
      o.psql(["-f", "/sql/up.sql"], {
        volumeMounts: [{ name: "sql", mountPath: "/sql" }],
        env: [{ name: "PGHOST", value: "app-postgres-rw.develop" }],
      }),
    ],
  };
  const develop = [
    o.namespace("develop", { "migration-gate.dev/mode": "enforce" }),
    o.cluster("app-postgres", { namespace: "develop" }),
  ];
  const first = { ...warning, spec };
  const both = [...o.healthy, ...develop, first, running(byJob)];
  expect(outcome(await judge(change, [...o.healthy, ...develop, first]))).toBe("warn MG-WARNED");
  expect(outcome(await judge(change, both))).toBe("deny MG-DENIED");
});

it("passes with the approval of the new content, given on the Job", async () => {
  const denied = await judge(change, [...o.healthy, running(byJob)]);
  const job = o.job(o.mountedSpec, { annotations: { ...o.plan, ...approvalOf(denied) } });
  expect(outcome(await judge(change, [...o.healthy, running(byJob), job]))).toBe("allow MG-ALLOWED");
});

it("judges a ConfigMap of an unlabelled namespace by what its runs reach", async () => {
  const spec = {
    ...o.mountedSpec,
    containers: [
      o.psql(["-f", "/sql/up.sql"], {
        volumeMounts: [{ name: "sql", mountPath: "/sql" }],
        env: [{ name: "PGHOST", value: "app-postgres-rw.production" }],
      }),
    ],
  };
  const tools = { namespace: "tools" };
  const moved = { ...after, metadata: { ...after.metadata, ...tools } };
  const objects = [...o.healthy, o.namespace("tools", {}), o.pod(spec, tools, { phase: "Running" })];
  expect(outcome(await judge(create(moved), objects))).toBe("deny MG-DENIED");
});

it("remembers a dry-run and denies nothing", async () => {
  const remembered: string[] = [];
  const previews = {
    remember: (user: string) => void remembered.push(user),
    find: () => Promise.reject(new Error("nobody asks for a preview here")),
  };
  const asked = { ...change, dryRun: true };
  const decision = await judge(asked, [...o.healthy, running(byJob)], { previews, ...production({}) });
  expect([outcome(decision), remembered]).toEqual([
    "allow: remembered for the dry-run of the Job that reads it",
    ["ann"],
  ]);
});
