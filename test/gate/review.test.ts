import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../src/model/kubernetes.ts";
import { approvalOf, createJudge, outcome, production, textOf } from "./gate.ts";
import * as o from "./objects.ts";
import { create, flux, jobController, update } from "./requests.ts";

const judge = createJudge();
const live = o.configMap("DROP TABLE users");
const harmless = o.configMap("SELECT 1");
const mounted = o.job(o.mountedSpec);
const drop = o.inlineSpec("DROP TABLE users");
const annotated = (annotations: Readonly<Record<string, string>>, spec = drop, rest = {}) =>
  o.job(spec, { annotations: { ...o.plan, ...annotations }, ...rest });

/** A preview of these ConfigMaps, seen in a dry-run of Flux; asked once, for the time the design allows. */
const previewsOf = (...configMaps: readonly KubernetesObject[]) => ({
  remember: () => {
    throw new Error("nothing is to be remembered here");
  },
  find: async (user: string, namespace: string, name: string, waitMs: number) => {
    expect([user, namespace, waitMs]).toEqual([flux, "production", 1_000]);
    return configMaps.find(({ metadata }) => metadata.name === name) ?? null;
  },
});
const neverAsked = {
  remember: () => undefined,
  find: () => Promise.reject(new Error("a real request asks for no preview")),
};
const dry = create(mounted, { dryRun: true, user: flux });

describe("a dry-run of Flux (design section 4)", () => {
  it.each([
    ["what is coming destroys, what is there does not", [harmless], [live], "deny"],
    ["what is there destroys, what is coming does not", [live], [harmless], "allow"],
    ["nothing is coming, and what is there may be old", [live], [], "warn"],
    ["nothing is coming, and what is there can never change", [{ ...live, immutable: true }], [], "deny"],
    ["neither is there", [], [], "warn"],
  ])("%s", async (_name, objects, coming, is) => {
    const { decision } = await judge(dry, [...o.healthy, ...objects], { previews: previewsOf(...coming) });
    expect(decision).toBe(is);
  });

  it("denies SQL that stands in the Job itself just as the real request does", async () => {
    const asked = create(o.job(drop), { dryRun: true, user: flux });
    expect(textOf(await judge(asked, o.healthy))).toBe(textOf(await judge({ ...asked, dryRun: false }, o.healthy)));
  });

  it("denies a Job that has both, for the sake of what stands in it", async () => {
    const containers = [...[o.mountedSpec["containers"]].flat(), o.psql(["-c", "DROP TABLE logs"], { name: "n" })];
    const both = create(o.job({ ...o.mountedSpec, containers }), { dryRun: true, user: flux });
    const decision = await judge(both, [...o.healthy, live], { previews: previewsOf() });
    expect(outcome(decision)).toBe("deny MG-DENIED");
  });

  it("does not deny a repeating Job for an old ConfigMap: the corrected one would never come", async () => {
    const labels = { "kustomize.toolkit.fluxcd.io/name": "app" };
    const repeating = create(o.job(o.mountedSpec, { labels }, { ttlSecondsAfterFinished: 60 }), {
      dryRun: true,
      user: flux,
    });
    const decision = await judge(repeating, [...o.healthy, live], { previews: previewsOf() });
    expect(decision.decision).toBe("warn");
  });

  it("does not deny for a host that stands in a ConfigMap which is not there yet", async () => {
    const env = [{ name: "PGHOST", valueFrom: { configMapKeyRef: { name: "db", key: "host" } } }];
    const asked = create(o.job({ containers: [o.psql(["-c", "DROP TABLE x"], { env })] }), {
      dryRun: true,
      user: flux,
    });
    expect((await judge(asked, o.healthy, { previews: previewsOf() })).decision).toBe("warn");
    expect(outcome(await judge({ ...asked, dryRun: false }, o.healthy))).toBe("deny MG-UNKNOWN-TARGET");
  });

  it("reads the live ConfigMap and no preview when the request is real", async () => {
    const asked = { ...dry, dryRun: false };
    expect(outcome(await judge(asked, [...o.healthy, live], { previews: neverAsked }))).toBe("deny MG-DENIED");
    expect(outcome(await judge(asked, [...o.healthy, harmless], { previews: neverAsked }))).toBe("allow MG-ALLOWED");
    expect(outcome(await judge(asked, o.healthy, { previews: neverAsked }))).toBe("deny MG-UNREADABLE");
  });
});

describe("evidence", () => {
  const stale = (time: string) => [o.production, o.cluster(), o.objectStore, o.backup(time)];
  const podOf = (owner: KubernetesObject) =>
    create(o.pod(drop, o.ownedBy(owner.kind, owner.metadata.name)), { user: jobController });

  it("is all there: allowed", async () => {
    const approval = approvalOf(await judge(create(o.job(drop)), o.healthy));
    expect(outcome(await judge(create(annotated(approval)), o.healthy))).toBe("allow MG-ALLOWED");
  });

  it.each([
    ["a backup 59 minutes old", "2026-11-24T08:01:00Z", "allow MG-ALLOWED", "allow MG-ALLOWED"],
    [
      "a backup 61 minutes old: the Job no longer, its Pod still",
      "2026-11-24T07:59:00Z",
      "deny MG-CHECKPOINT",
      "allow MG-ALLOWED",
    ],
    ["a backup two hours old", "2026-11-24T06:59:00Z", "deny MG-CHECKPOINT", "deny MG-CHECKPOINT"],
  ])("%s", async (_name, time, atJob, atPod) => {
    const job = annotated(approvalOf(await judge(create(o.job(drop)), o.healthy)));
    expect(outcome(await judge(create(job), stale(time)))).toBe(atJob);
    expect(outcome(await judge(podOf(job), [...stale(time), job]))).toBe(atPod);
  });

  it("gives no longer time to a Pod that somebody else says is a Job's", async () => {
    const job = annotated(approvalOf(await judge(create(o.job(drop)), o.healthy)));
    const asked = create(o.pod(drop, o.ownedBy("Job", "mig")));
    expect(outcome(await judge(asked, [...stale("2026-11-24T07:59:00Z"), job]))).toBe("deny MG-CHECKPOINT");
  });

  it("of a CronJob: approval at the CronJob, the backup at each of its runs", async () => {
    const bare = o.object("batch/v1", "CronJob", "nightly", {
      spec: { jobTemplate: { spec: { template: { spec: drop } } } },
    });
    const approval = approvalOf(await judge(create(bare), o.healthy));
    const cron = { ...bare, metadata: { ...bare.metadata, annotations: { ...o.plan, ...approval } } };
    const run = create(o.job(drop, o.ownedBy("CronJob", "nightly")));
    const old = stale("2026-11-20T07:59:00Z");
    expect(outcome(await judge(create(bare), o.healthy))).toBe("deny MG-DENIED");
    expect(outcome(await judge(create(cron), old))).toBe("allow MG-ALLOWED");
    expect(outcome(await judge(run, [...o.healthy, cron]))).toBe("allow MG-ALLOWED");
    expect(outcome(await judge(run, [...old, cron]))).toBe("deny MG-CHECKPOINT");
    const other = create(o.job(o.inlineSpec("DROP TABLE logs"), o.ownedBy("CronJob", "nightly")));
    expect(outcome(await judge(other, [...o.healthy, cron]))).toBe("deny MG-DENIED");
    const forged = create(o.job(drop, o.ownedBy("CronJob", "nightly", "batch/v1", "another uid")));
    expect(outcome(await judge(forged, [...o.healthy, cron]))).toBe("deny MG-DENIED");
  });

  it("that repeats: warned or denied as the policy says", async () => {
    const approval = approvalOf(await judge(create(o.job(drop)), o.healthy));
    const again = annotated(approval, drop, { labels: { "kustomize.toolkit.fluxcd.io/name": "app" } });
    const job = { ...again, spec: { ttlSecondsAfterFinished: 60, template: { spec: drop } } };
    expect(outcome(await judge(create(job), o.healthy))).toBe("deny MG-RERUN");
    expect(outcome(await judge(create(job), o.healthy, production({ rerun: "warn" })))).toBe("warn MG-WARNED");
    expect(outcome(await judge(create(job), o.healthy, production({ rerun: "allow" })))).toBe("allow MG-ALLOWED");
  });

  it("for two targets is asked by each target's policy", async () => {
    const develop = [
      o.namespace("develop", { "migration-gate.dev/mode": "enforce" }),
      o.cluster("app-postgres", { namespace: "develop" }),
    ];
    const there = o.psql(["-c", "DROP TABLE logs"], {
      name: "n",
      env: [{ name: "PGHOST", value: "app-postgres-rw.develop" }],
    });
    const both = create(o.job({ containers: [o.psql(["-c", "DROP TABLE users"]), there] }));
    const decision = await judge(both, [...o.healthy, ...develop]);
    expect([decision.policy, decision.priced.map(({ subject }) => subject), decision.findings.length]).toEqual([
      "production,develop",
      ["users"],
      2,
    ]);
  });

  it("says the same whatever the time: only what holds may change", async () => {
    const at = (time: string) => ({ clock: { now: () => new Date(time) } });
    const asked = create(o.job(o.inlineSpec("DROP TABLE users; TRUNCATE logs")));
    const early = textOf(await judge(asked, stale("2026-11-20T07:59:00Z"), at("2026-11-24T09:00:00Z")));
    const late = textOf(await judge(asked, stale("2026-11-20T07:59:00Z"), at("2026-11-24T15:47:11Z")));
    expect(late).toBe(early);
    expect(early).not.toMatch(/\d\d:\d\d|2026/);
  });
});

describe("ways around the gate", () => {
  const sneak = (podSpec: Readonly<Record<string, unknown>>, metadata = {}) => create(o.job(podSpec, metadata));
  const dropping = (fields = {}) => o.psql(["-c", "DROP TABLE users"], fields);
  const quiet = { name: "q", image: "docker.io/library/busybox", command: ["true"] };
  const cnpgJob = o.object(
    "batch/v1",
    "Job",
    "join",
    { spec: {} },
    o.ownedBy("Cluster", "app-postgres", "postgresql.cnpg.io/v1"),
  );
  const manager = { name: "x", image: "evil", command: ["/controller/manager"] };

  it.each([
    ["an init container", sneak({ initContainers: [dropping()], containers: [quiet] })],
    [
      "an init container that stays",
      sneak({ initContainers: [dropping({ restartPolicy: "Always" })], containers: [quiet] }),
    ],
    ["a second container of the same name", sneak({ containers: [o.psql(["-c", "SELECT 1"]), dropping()] })],
    [
      "a lifecycle hook",
      sneak({
        containers: [
          o.psql(["-c", "SELECT 1"], {
            lifecycle: { postStart: { exec: { command: ["psql", "-c", "DROP TABLE users"] } } },
          }),
        ],
      }),
    ],
    [
      "a name the API server makes",
      create({ ...o.job(drop), metadata: { name: "", generateName: "mig-", namespace: "production" } }),
    ],
    ["a Job owned by a Cluster", sneak(drop, o.ownedBy("Cluster", "app-postgres", "postgresql.cnpg.io/v1"))],
    ["a Pod owned by a ReplicaSet", create(o.pod(drop, o.ownedBy("ReplicaSet", "web", "apps/v1")))],
    [
      "a Pod owned by a Job of CNPG, with an init container",
      create(o.pod({ initContainers: [dropping()], containers: [manager] }, o.ownedBy("Job", "join"))),
    ],
    ["CNPG's labels", sneak(drop, { labels: { "cnpg.io/jobRole": "join", "cnpg.io/cluster": "app-postgres" } })],
    [
      "an ephemeral container",
      update(o.pod({ containers: [quiet] }), o.pod({ containers: [quiet], ephemeralContainers: [dropping()] }), {
        subResource: "ephemeralcontainers",
      }),
    ],
    [
      "an approval that is a bare yes",
      sneak(drop, { annotations: { ...o.plan, "approval.migration-gate.dev/alice": "yes" } }),
    ],
    [
      "an approval by nobody",
      sneak(drop, {
        annotations: { ...o.plan, "approval.migration-gate.dev/constructor": `sha256:${"0".repeat(64)}` },
      }),
    ],
    ["a claim that leads away", sneak(drop, { annotations: { "migration-gate.dev/target": "develop/toy" } })],
    ["a Job resumed long after", update(o.job(drop, {}, { suspend: true }), o.job(drop, {}, { suspend: false }))],
  ])("%s", async (_name, asked) => {
    expect((await judge(asked, [...o.healthy, cnpgJob])).decision).toBe("deny");
  });

  it.each([
    ["audits", { "migration-gate.dev/mode": "audit" }],
    ["is not labelled", {}],
    ["asks less", { "migration-gate.dev/mode": "enforce" }],
  ])("a Secret of another name, claimed to be for a namespace that %s", async (_name, labels) => {
    const env = [{ name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: "innocent", key: "uri" } } }];
    const job = sneak(
      { containers: [o.psql(["$(DATABASE_URL)", "-c", "DROP TABLE users"], { env })] },
      { annotations: { "migration-gate.dev/target": "develop/toy/app" } },
    );
    const toy = [o.namespace("develop", labels), o.cluster("toy", { namespace: "develop" })];
    const decision = await judge(job, [...o.healthy, ...toy]);
    expect(outcome(decision)).toBe("deny MG-DENIED");
    expect(decision.policy).toContain("production");
    expect(decision.findings).toHaveLength(1);
  });

  it("an approval in the Pod template is none of the Job", async () => {
    const approval = approvalOf(await judge(create(o.job(drop)), o.healthy));
    const template = { metadata: { annotations: { ...o.plan, ...approval } }, spec: drop };
    const job = { ...o.job(drop), spec: { template } };
    expect(outcome(await judge(create(job), o.healthy))).toBe("deny MG-DENIED");
  });

  it("an approval put on everything, as commonMetadata does, approves what it names and nothing else", async () => {
    const approval = approvalOf(await judge(create(o.job(drop)), o.healthy));
    expect(outcome(await judge(create(annotated(approval, o.inlineSpec("DROP TABLE logs"))), o.healthy))).toBe(
      "deny MG-DENIED",
    );
  });

  it("a script swapped under an approved program", async () => {
    const container = {
      name: "p",
      image: "docker.io/library/python:3",
      command: ["python", "/s/m.py"],
      volumeMounts: [{ name: "s", mountPath: "/s" }],
      env: [{ name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: "app-postgres-app", key: "uri" } } }],
    };
    const spec = { containers: [container], volumes: [{ name: "s", configMap: { name: "scripts" } }] };
    const scripts = (text: string) => o.object("v1", "ConfigMap", "scripts", { data: { "m.py": text } });
    const approval = approvalOf(await judge(create(o.job(spec)), [...o.healthy, scripts("upgrade()")]));
    const job = create(annotated(approval, spec));
    expect(outcome(await judge(job, [...o.healthy, scripts("upgrade()")]))).toBe("allow MG-ALLOWED");
    expect(outcome(await judge(job, [...o.healthy, scripts("destroy()")]))).toBe("deny MG-DENIED");
    const pod = create(o.pod(spec, o.ownedBy("Job", "mig")), { user: jobController });
    const approved = annotated(approval, spec);
    expect(outcome(await judge(pod, [...o.healthy, scripts("destroy()"), approved]))).toBe("deny MG-DENIED");
  });
});

describe("a sidecar that others inject, by a name the policy gives", () => {
  const plain = { containers: [{ name: "m", image: "docker.io/library/busybox", command: ["true"] }] };
  const proxy = (name: string) => o.psql(["-c", "DROP TABLE users"], { name });
  const startOf = (name: string, user = jobController) =>
    create(o.pod({ containers: [...plain.containers, proxy(name)] }, o.ownedBy("Job", "mig")), { user });

  it.each([
    ["is ignored in a Job's Pod", startOf("istio-proxy"), o.job(plain), "allow"],
    ["is judged under another name", startOf("psql"), o.job(plain), "deny"],
    [
      "is judged where the Job itself brings it",
      startOf("istio-proxy"),
      o.job({ containers: [proxy("istio-proxy")] }),
      "deny",
    ],
    ["is judged where somebody else made the Pod", startOf("istio-proxy", "ann"), o.job(plain), "deny"],
    ["is judged where the Job is gone", startOf("istio-proxy"), o.production, "deny"],
    ["is judged in a Job", create(o.job({ containers: [proxy("istio-proxy")] })), o.production, "deny"],
  ])("%s", async (_name, asked, owner, is) => {
    expect((await judge(asked, [...o.healthy, owner])).decision).toBe(is);
  });
});

describe("what the gate must not stand in the way of", () => {
  it.each([
    [
      "a Job that is no migration",
      create(o.job({ containers: [{ name: "a", image: "acme/report", command: ["report"] }] })),
    ],
    ["a run that only adds", create(o.job(o.inlineSpec("ALTER TABLE users ADD COLUMN email text")))],
    [
      "CNPG's join Pod, with whatever its plugins bring",
      create(
        o.pod(
          {
            initContainers: [{ name: "plugin", image: "plugin" }],
            containers: [
              {
                name: "x",
                image: "pg",
                command: ["/controller/manager", "instance", "join"],
                env: [{ name: "PGHOST", value: "app-postgres-rw" }],
              },
            ],
          },
          o.ownedBy("Job", "join"),
        ),
        { user: jobController },
      ),
    ],
    [
      "a debug container in an ordinary Pod",
      update(
        o.pod({ containers: [{ name: "w", image: "w", env: [{ name: "DATABASE_URL", value: "x" }] }] }),
        o.pod({
          containers: [{ name: "w", image: "w", env: [{ name: "DATABASE_URL", value: "x" }] }],
          ephemeralContainers: [{ name: "d", image: "busybox", command: ["sh"] }],
        }),
        { subResource: "ephemeralcontainers" },
      ),
    ],
    [
      "a destructive run in an unlabelled namespace against its own database",
      create({
        ...o.job({
          containers: [o.psql(["-c", "DROP TABLE a"], { env: [{ name: "PGHOST", value: "db.example.com" }] })],
        }),
        metadata: { name: "mig", namespace: "shop" },
      }),
    ],
  ])("%s", async (_name, asked) => {
    const cnpgJob = o.object(
      "batch/v1",
      "Job",
      "join",
      { spec: {} },
      o.ownedBy("Cluster", "app-postgres", "postgresql.cnpg.io/v1"),
    );
    const world = [...o.healthy, cnpgJob, o.namespace("shop", {})];
    expect((await judge(asked, world)).decision).not.toBe("deny");
  });
});
