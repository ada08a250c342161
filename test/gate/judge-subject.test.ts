import { describe, expect, it } from "vitest";
import { createGate } from "../../src/gate/review.ts";
import { ReadError } from "../../src/model/errors.ts";
import { createJudge, outcome, production, textOf } from "./gate.ts";
import * as o from "./objects.ts";
import { create, remove, request, update } from "./requests.ts";
import { noAnalyzer, operator, readerOf, shippedPolicy, worldOf } from "./world.ts";

const judge = createJudge();
const mode = (name: string, value: string) => o.namespace(name, { "migration-gate.dev/mode": value });
const drop = o.inlineSpec("DROP TABLE users");
const workload = o.object("apps/v1", "Deployment", "web", {
  spec: {
    template: {
      spec: {
        initContainers: [o.psql(["-c", "DROP TABLE users"], { name: "migrate" })],
        containers: [
          {
            name: "web",
            image: "acme/web:1",
            env: [{ name: "DATABASE_URL", value: "postgres://app-postgres-rw/app" }],
          },
        ],
      },
    },
  },
});
const plain = {
  ...workload,
  spec: {
    template: {
      spec: {
        containers: [
          {
            name: "web",
            image: "acme/web:1",
            env: [{ name: "DATABASE_URL", value: "postgres://app-postgres-rw/app" }],
          },
        ],
      },
    },
  },
};
const without = (kind: string) => o.healthy.filter((object) => object.kind !== kind);
const elsewhere = (sql: string, namespace: string) => ({
  ...o.job({
    containers: [
      o.psql(["-c", sql], {
        env: [
          { name: "PGHOST", value: "app-postgres-rw.production" },
          { name: "PGDATABASE", value: "app" },
        ],
      }),
    ],
  }),
  metadata: { name: "mig", namespace },
});

describe("workload templates", () => {
  it.each([
    ["ignore", "allow: the policy leaves workload templates alone"],
    ["audit", "warn MG-DENIED"],
    ["enforce", "deny MG-DENIED"],
  ] as const)("whose init container drops, where the policy says %s", async (workloadTemplates, is) => {
    expect(outcome(await judge(create(workload), o.healthy, production({ workloadTemplates })))).toBe(is);
  });

  it("that only serve are none of the gate's business, also where it says enforce", async () => {
    const decision = await judge(create(plain), o.healthy, production({ workloadTemplates: "enforce" }));
    expect(outcome(decision)).toBe("allow: nothing in it reaches a database");
  });
});

describe("scopes", () => {
  it.each([
    ["enforced", [mode("production", "enforce")], "deny MG-DENIED"],
    ["audited", [mode("production", "audit")], "warn MG-DENIED"],
    ["off", [mode("production", "off")], "allow: neither its namespace nor its target's is labelled"],
    ["not labelled", [o.namespace("production", {})], "allow: neither its namespace nor its target's is labelled"],
    ["labelled with a word nobody knows", [mode("production", "Enforce")], "deny MG-DENIED"],
    ["not to be seen, but named by a policy", [], "deny MG-DENIED"],
  ] as const)("a namespace that is %s", async (_name, namespaces, is) => {
    expect(outcome(await judge(create(o.job(drop)), [...without("Namespace"), ...namespaces]))).toBe(is);
  });

  it.each([
    ["unlabelled", o.namespace("tools", {}), "DROP TABLE users", "deny MG-DENIED"],
    ["audited", mode("develop", "audit"), "DROP TABLE users", "deny MG-DENIED"],
    ["unlabelled, and reads only", o.namespace("tools", {}), "SELECT 1", "allow MG-ALLOWED"],
  ] as const)("a run from a namespace that is %s, against a protected Cluster", async (_name, namespace, sql, is) => {
    const asked = create(elsewhere(sql, namespace.metadata.name));
    expect(outcome(await judge(asked, [...o.healthy, namespace]))).toBe(is);
  });

  it("trusts an image only if the target's policy does", async () => {
    const image = "registry.example/own/psql:1";
    const spec = {
      containers: [
        {
          ...o.psql(["-c", "SELECT 1"]),
          image,
          env: [
            { name: "PGHOST", value: "app-postgres-rw.production" },
            { name: "PGDATABASE", value: "app" },
          ],
        },
      ],
    };
    const job = { ...o.job(spec), metadata: { name: "mig", namespace: "develop" } };
    const lax = { ...shippedPolicy("develop"), images: ["registry.example/own/psql"] };
    const policies = [shippedPolicy("production"), lax];
    const decision = await judge(create(job), [...o.healthy, mode("develop", "enforce")], { policies: () => policies });
    expect([outcome(decision), decision.priced.map(({ rule }) => rule)]).toEqual(["deny MG-DENIED", ["untrusted"]]);
  });
});

describe("policies", () => {
  it.each([
    ["none selects the namespace", []],
    [
      "two select it alike",
      [shippedPolicy("production"), { ...shippedPolicy("production"), name: "twin", file: "policies/twin.yaml" }],
    ],
  ])("%s: denied in words", async (_name, policies) => {
    const decision = await judge(create(o.job(drop)), o.healthy, { policies: () => policies });
    expect(outcome(decision)).toBe("deny MG-NO-POLICY");
  });
});

describe("what belongs to a Namespace, or to none", () => {
  const crd = {
    ...o.object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "clusters.postgresql.cnpg.io", {
      spec: { group: "postgresql.cnpg.io", names: { kind: "Cluster" } },
    }),
    metadata: { name: "clusters.postgresql.cnpg.io" },
  };
  const labelled = (labels: Readonly<Record<string, string>>) => o.namespace("shop", labels);
  const enforce = { "migration-gate.dev/mode": "enforce" };
  const byLabel = { ...enforce, "migration-gate.dev/policy": "production" };

  it.each([
    ["a CRD where one namespace is enforced", remove(crd), o.healthy, "deny MG-DENIED"],
    [
      "a CRD where one is enforced and one audited",
      remove(crd),
      [...o.healthy, mode("staging", "audit")],
      "deny MG-DENIED",
    ],
    [
      "a CRD where all are audited",
      remove(crd),
      [...without("Namespace"), mode("production", "audit")],
      "warn MG-DENIED",
    ],
    ["a CRD where none is protected", remove(crd), without("Namespace"), "allow: the namespace is not labelled"],
    ["a Namespace with a Cluster", remove(o.production), o.healthy, "deny MG-DENIED"],
    [
      "a Namespace that loses its label",
      update(o.production, o.namespace("production", {})),
      o.healthy,
      "deny MG-DENIED",
    ],
    [
      "a Namespace that gets a label",
      update(o.namespace("production", {}), o.production),
      o.healthy,
      "allow: the namespace is not labelled",
    ],
    [
      "a Namespace whose labels choose a laxer policy",
      update(labelled(byLabel), labelled({ ...enforce, "migration-gate.dev/policy": "develop" })),
      o.healthy,
      "deny MG-DENIED",
    ],
    [
      "a Namespace that a policy names, whatever its labels choose",
      update(o.production, o.namespace("production", { ...enforce, "migration-gate.dev/policy": "develop" })),
      o.healthy,
      "allow: no dangerous change",
    ],
    ["a Cluster", remove(o.cluster()), o.healthy, "deny MG-DENIED"],
    [
      "a Cluster of an unlabelled namespace",
      remove(o.cluster()),
      [...without("Namespace"), o.namespace("production", {})],
      "allow: the namespace is not labelled",
    ],
    ["a resource nobody knows", create(o.object("v1", "Secret", "s")), o.healthy, "deny MG-UNAVAILABLE"],
  ] as const)("%s", async (_name, asked, objects, is) => {
    expect(outcome(await judge(asked, objects))).toBe(is);
  });

  it("a scale subresource leads to its Cluster, and to the approvals on it", async () => {
    const scale = (replicas: number) => ({
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name: "app-postgres" },
      spec: { replicas },
    });
    const asked = request("UPDATE", scale(0), scale(1), { subResource: "scale", namespace: "production" });
    expect(outcome(await judge(asked, o.healthy))).toBe("warn MG-WARNED");
    expect(outcome(await judge({ ...asked, userInfo: { username: operator, groups: [] } }, o.healthy))).toMatch(
      /^allow/,
    );
  });
});

describe("what fails on the way", () => {
  const broken = (error: Error) => ({ ...readerOf(o.healthy), list: () => Promise.reject(error) });
  const silent = new ReadError("READ_TIMEOUT", "Clusters could not be listed: the API server did not answer");
  const ask = (failOpen: boolean, error: Error, namespaces = o.healthy) =>
    createGate(
      worldOf(namespaces, { analyzer: noAnalyzer, reader: { ...broken(error), get: readerOf(namespaces).get } }),
    ).judge({ request: create(o.job(drop)), failOpen }, AbortSignal.timeout(5_000));
  const audited = [mode("production", "audit")];

  it("denies with the reason", async () => {
    const decision = await ask(false, silent);
    expect([outcome(decision), decision.blocking[0]?.reason]).toEqual(["deny MG-UNAVAILABLE", silent.message]);
  });

  it("warns in an audited namespace, and where the registration fails open", async () => {
    expect(outcome(await ask(false, silent, audited))).toBe("warn MG-UNAVAILABLE");
    expect(outcome(await ask(true, silent))).toBe("warn MG-UNAVAILABLE");
  });

  it("never quotes what an unexpected failure says: it may hold a literal", async () => {
    const decision = await ask(false, new TypeError("cannot read 's3cr3t'"));
    expect(decision.blocking[0]?.reason).toBe("an internal failure (TypeError)");
  });

  it("says so when time has run out", async () => {
    const decision = await ask(false, new DOMException("The operation was aborted", "TimeoutError"));
    expect(decision.blocking[0]?.reason).toBe("there was no time left to judge it");
  });

  it("denies while nobody knows whether the namespace is protected", async () => {
    const reader = { get: () => Promise.reject(silent), list: () => Promise.reject(silent) };
    const gate = createGate(worldOf([], { analyzer: noAnalyzer, reader }));
    const decision = await gate.judge({ request: create(o.job(drop)), failOpen: false }, AbortSignal.timeout(5_000));
    expect(outcome(decision)).toBe("deny MG-UNAVAILABLE");
  });
});

describe("a name that the API server generates, another one at each try", () => {
  const tried = (name: string, sql: string) =>
    judge(create(o.job(o.inlineSpec(sql), { name, generateName: "mig-" })), o.healthy);

  it.each(["DROP TABLE users", "DROP TABLE"])(
    "is not in the denial of %s, so every try gets the same words",
    async (sql) => {
      const [first, next] = [textOf(await tried("mig-x7vqz", sql)), textOf(await tried("mig-c4t8p", sql))];
      expect(first).toContain("Job production/mig-");
      expect(next).toBe(first);
    },
  );

  it("is not taken for one that somebody wrote beside another generateName", async () => {
    const text = textOf(await tried("drop-users", "DROP TABLE users"));
    expect(text).toContain("Job production/drop-users");
  });
});
