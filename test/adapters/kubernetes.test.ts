import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createKubernetesReader, type KubernetesReader, requiredAccess } from "../../src/adapters/kubernetes.ts";
import { type ApiServer, startApiServer } from "../support/api-server.ts";

const cnpg = "/apis/postgresql.cnpg.io/v1";
const paths = {
  Cluster: `${cnpg}/clusters`,
  Database: `${cnpg}/databases`,
  DatabaseRole: `${cnpg}/databaseroles`,
  Pooler: `${cnpg}/poolers`,
  ScheduledBackup: `${cnpg}/scheduledbackups`,
  ObjectStore: "/apis/barmancloud.cnpg.io/v1/objectstores",
  Namespace: "/api/v1/namespaces",
  Service: "/api/v1/services",
} as const;
const live = { ConfigMap: "/api/v1/configmaps", Backup: `${cnpg}/backups`, Job: "/apis/batch/v1/jobs" } as const;

let api: ApiServer;
let reader: KubernetesReader;
let log: unknown[][];
const { signal } = new AbortController();
const object = (name: string, namespace: string, rest: object = {}) => ({ metadata: { name, namespace }, ...rest });
const names = async (kind: keyof typeof paths, namespace = "") =>
  (await reader.list(kind, namespace, signal)).map(({ metadata }) => metadata.name).toSorted();

async function connect(options: { requestTimeoutMs?: number; watchStaleMs?: number } = {}): Promise<void> {
  const say = (...line: unknown[]) => void log.push(line);
  const kubeconfig = await api.kubeconfig();
  const limits = { requestTimeoutMs: 500, watchStaleMs: 60_000, ...options };
  reader = createKubernetesReader({ kubeconfig, ...limits, log: { info: say, warn: say } });
  await reader.start();
}

/** Waits until a claim holds; fails the test if it does not within two seconds. */
const eventually = (claim: () => Promise<void> | void) => vi.waitFor(claim, { timeout: 2_000, interval: 20 });

beforeEach(async () => {
  log = [];
  api = await startApiServer();
  api.declare(...Object.values(paths), ...Object.values(live));
});
afterEach(async () => {
  await reader?.close();
  await api.close();
});

describe("watched kinds", () => {
  it("are listed page by page, with the kind that items of a list lack, and without what nobody needs", async () => {
    for (const name of ["a", "b", "c", "d", "e"])
      api.put(paths.Cluster, object(name, "shop", { spec: { instances: 3 } }));
    api.put(paths.Service, object("db-rw", "shop", { spec: { selector: {} }, status: { loadBalancer: {} } }));
    await connect();
    expect(await names("Cluster")).toEqual(["a", "b", "c", "d", "e"]);
    expect(await reader.get("Cluster", "shop", "a", signal)).toEqual({
      ...{ apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster" },
      ...{ metadata: { name: "a", namespace: "shop" }, spec: { instances: 3 } },
    });
    expect(await reader.get("Service", "shop", "db-rw", signal)).not.toHaveProperty("status");
    expect(reader.watches().filter(({ problem }) => problem !== null)).toEqual([]);
  });

  it("follow what happens, without asking again", async () => {
    api.put(paths.Cluster, object("a", "shop"));
    await connect();
    api.put(paths.Cluster, object("b", "shop"));
    api.put(paths.Cluster, object("a", "shop", { spec: { instances: 1 } }));
    await eventually(async () => expect(await names("Cluster")).toEqual(["a", "b"]));
    await eventually(async () =>
      expect(await reader.get("Cluster", "shop", "a", signal)).toMatchObject({ spec: { instances: 1 } }),
    );
    api.remove(paths.Cluster, object("b", "shop"));
    await eventually(async () => expect(await names("Cluster")).toEqual(["a"]));
    expect(api.requests.filter((request) => request === `GET ${paths.Cluster}`)).toHaveLength(1);
  });

  it("are told apart by namespace, and a Namespace has none", async () => {
    api.put(paths.Cluster, object("db", "shop"));
    api.put(paths.Cluster, object("db2", "blog"));
    api.put(paths.Namespace, { metadata: { name: "shop", labels: { "migration-gate.dev/mode": "enforce" } } });
    await connect();
    expect(await names("Cluster", "blog")).toEqual(["db2"]);
    expect(await reader.get("Cluster", "blog", "db", signal)).toBeNull();
    expect(await reader.get("Namespace", "", "shop", signal)).toMatchObject({
      metadata: { labels: { "migration-gate.dev/mode": "enforce" } },
    });
  });

  it("ask for a Namespace that the watch has not seen, since a request from it proves that the watch is behind", async () => {
    await connect();
    expect(await reader.get("Namespace", "", "late", signal)).toBeNull();
    expect(await reader.get("Cluster", "late", "db", signal)).toBeNull();
    expect(api.requests).toContain(`GET ${paths.Namespace}/late`);
    expect(api.requests.filter((request) => request.endsWith("/db"))).toEqual([]);
  });

  it("give the very same list until something changes", async () => {
    api.put(paths.Cluster, object("a", "shop"));
    await connect();
    const before = await reader.list("Cluster", "", signal);
    expect(await reader.list("Cluster", "", signal)).toBe(before);
    api.put(paths.Cluster, object("b", "shop"));
    await eventually(async () => expect(await reader.list("Cluster", "", signal)).toHaveLength(2));
  });

  it("are empty when their CRD is not installed, said once, and found when it is", async () => {
    api.misbehave(/objectstores/, { kind: "status", status: 404 });
    await connect({ watchStaleMs: 600 });
    expect(await names("ObjectStore")).toEqual([]);
    expect(await reader.get("ObjectStore", "shop", "store", signal)).toBeNull();
    await sleep(700);
    expect(await names("ObjectStore")).toEqual([]);
    expect(log.filter(([fields]) => JSON.stringify(fields) === '{"kind":"ObjectStore"}')).toEqual([
      [{ kind: "ObjectStore" }, "the API server has no such kind: taken as empty"],
    ]);
    api.put(paths.ObjectStore, object("store", "shop"));
    api.behave();
    await eventually(async () => expect(await names("ObjectStore")).toEqual(["store"]));
  });

  it("refuse to be read when RBAC forbids them, and only they", async () => {
    api.misbehave(/GET .*poolers/, { kind: "status", status: 403 });
    await connect();
    const reason = "the gate's account may not read poolers.postgresql.cnpg.io (RBAC)";
    await expect(reader.list("Pooler", "", signal)).rejects.toMatchObject({
      name: "ReadError",
      code: "READ_FORBIDDEN",
      message: reason,
    });
    await expect(reader.get("Pooler", "shop", "p", signal)).rejects.toMatchObject({ code: "READ_FORBIDDEN" });
    expect(await names("Cluster")).toEqual([]);
    expect(reader.watches().filter(({ problem }) => problem !== null)).toEqual([{ kind: "Pooler", problem: reason }]);
  });

  it("refuse to be read before they were read once: a silent API server is no empty one", async () => {
    api.misbehave(/./, { kind: "silence" });
    await connect({ requestTimeoutMs: 100 });
    await expect(reader.list("Cluster", "", signal)).rejects.toMatchObject({ code: "READ_UNREACHABLE" });
    api.put(paths.Cluster, object("a", "shop"));
    api.behave();
    await eventually(async () => expect(await names("Cluster")).toEqual(["a"]));
  });

  it("refuse to be read before start", async () => {
    reader = createKubernetesReader({
      ...{ kubeconfig: await api.kubeconfig(), requestTimeoutMs: 100, watchStaleMs: 1_000 },
      log: { info: () => {}, warn: () => {} },
    });
    await expect(reader.list("Cluster", "", signal)).rejects.toMatchObject({ code: "READ_UNREACHABLE" });
  });

  it("are listed anew when the API server has forgotten where the watch stood", async () => {
    api.put(paths.Cluster, object("a", "shop"));
    api.put(paths.Cluster, object("b", "shop"));
    await connect();
    await eventually(() => expect(api.watching(paths.Cluster)).toBe(true));
    api.misbehave(/WATCH .*clusters/, { kind: "status", status: 500 });
    api.cutWatches();
    api.remove(paths.Cluster, object("a", "shop"));
    api.compact();
    api.behave();
    await eventually(async () => expect(await names("Cluster")).toEqual(["b"]));
  });

  it("resume after a dropped connection and miss nothing", async () => {
    await connect();
    await eventually(() => expect(api.watching(paths.Cluster)).toBe(true));
    api.cutWatches();
    api.put(paths.Cluster, object("late", "shop"));
    await eventually(async () => expect(await names("Cluster")).toEqual(["late"]));
    api.put(paths.Cluster, object("later", "shop"));
    await eventually(async () => expect(await names("Cluster")).toEqual(["late", "later"]));
  });

  it("resume from where a watch ended in order, without listing again", async () => {
    await connect({ watchStaleMs: 3_000 });
    await sleep(1_500);
    api.put(paths.Cluster, object("late", "shop"));
    await eventually(async () => expect(await names("Cluster")).toEqual(["late"]));
    expect(api.requests.filter((request) => request === `GET ${paths.Cluster}`)).toHaveLength(1);
    expect(api.requests.filter((request) => request === `WATCH ${paths.Cluster}`).length).toBeGreaterThan(1);
  });

  it("are not believed once the watch has been broken for too long, and again when it is back", async () => {
    api.put(paths.Cluster, object("a", "shop"));
    await connect({ watchStaleMs: 600, requestTimeoutMs: 100 });
    api.misbehave(/clusters/, { kind: "status", status: 503 });
    api.cutWatches();
    expect(await names("Cluster")).toEqual(["a"]);
    await eventually(async () => {
      for (const path of Object.values(paths)) if (path !== paths.Cluster) api.bookmark(path);
      await expect(reader.list("Cluster", "", signal)).rejects.toMatchObject({ code: "READ_STALE" });
    });
    expect(await names("Database")).toEqual([]);
    expect(reader.watches().filter(({ problem }) => problem !== null)).toEqual([
      { kind: "Cluster", problem: "what is known of clusters is out of date: the watch on them is broken" },
    ]);
    api.behave();
    await eventually(async () => expect(await names("Cluster")).toEqual(["a"]));
  });

  it("are not believed when the connection is open and silent for too long", async () => {
    await connect({ watchStaleMs: 600, requestTimeoutMs: 100 });
    await eventually(() => expect(api.watching(paths.Cluster)).toBe(true));
    api.misbehave(/clusters/, { kind: "silence" });
    await eventually(() => expect(reader.list("Cluster", "", signal)).rejects.toMatchObject({ code: "READ_STALE" }));
  });

  it("are not believed after a list that makes no sense", async () => {
    api.misbehave(/GET .*clusters/, { kind: "garbage", body: '{"items":[{"metadata":{}}]}' });
    await connect();
    await expect(reader.list("Cluster", "", signal)).rejects.toMatchObject({ code: "READ_UNREACHABLE" });
  });
});

describe("kinds that are read live", () => {
  it("come as they are now, with their kind; an absent one is null", async () => {
    await connect();
    api.put(live.ConfigMap, object("sql", "shop", { data: { "up.sql": "SELECT 1" } }));
    expect(await reader.get("ConfigMap", "shop", "sql", signal)).toEqual({
      ...{ apiVersion: "v1", kind: "ConfigMap", data: { "up.sql": "SELECT 1" } },
      metadata: { name: "sql", namespace: "shop" },
    });
    expect(await reader.get("ConfigMap", "shop", "none", signal)).toBeNull();
    expect(await reader.get("ConfigMap", "blog", "sql", signal)).toBeNull();
  });

  it("are listed through all pages of one namespace", async () => {
    for (const name of ["a", "b", "c"]) api.put(live.Backup, object(name, "shop", { status: { phase: "completed" } }));
    api.put(live.Backup, object("d", "blog"));
    await connect();
    const found = await reader.list("Backup", "shop", signal);
    expect(found.map(({ metadata }) => metadata.name)).toEqual(["a", "b", "c"]);
    expect(found[0]).toMatchObject({
      kind: "Backup",
      apiVersion: "postgresql.cnpg.io/v1",
      status: { phase: "completed" },
    });
  });

  it("are none where their CRD is not installed", async () => {
    await connect();
    expect(await reader.list("VolumeSnapshot", "shop", signal)).toEqual([]);
  });

  it.each(["", "..", ".", "a/b", "a?watch=1", "A", "a%2fb", "x".repeat(254)])(
    "have no name like %j, and nobody is asked",
    async (name) => {
      await connect();
      const asked = api.requests.length;
      expect(await reader.get("ConfigMap", "shop", name, signal)).toBeNull();
      expect(await reader.get("ConfigMap", name, "sql", signal)).toBeNull();
      expect(api.requests.slice(asked).filter((request) => !request.startsWith("WATCH"))).toEqual([]);
    },
  );

  const failures = {
    "does not answer": [{ kind: "silence" }, "READ_TIMEOUT", "the API server did not answer in time"],
    "answers too late": [{ kind: "delay", milliseconds: 400 }, "READ_TIMEOUT", "the API server did not answer in time"],
    "forbids it": [
      { kind: "status", status: 403 },
      "READ_FORBIDDEN",
      "the gate's account may not read configmaps (RBAC)",
    ],
    "does not know us": [
      { kind: "status", status: 401 },
      "READ_FORBIDDEN",
      "the gate's account may not read configmaps (RBAC)",
    ],
    "is overloaded": [{ kind: "status", status: 429 }, "READ_FAILED", "the API server answered 429"],
    "is broken": [{ kind: "status", status: 500 }, "READ_FAILED", "the API server answered 500"],
    "answers with no JSON": [
      { kind: "garbage", body: "<html>" },
      "READ_FAILED",
      "the API server's answer makes no sense",
    ],
    "answers with no object": [
      { kind: "garbage", body: "[]" },
      "READ_FAILED",
      "the API server's answer makes no sense",
    ],
  } as const;
  it.each(Object.entries(failures))("throw ReadError when the API server %s", async (_, [behaviour, code, reason]) => {
    await connect({ requestTimeoutMs: 150 });
    api.misbehave(/configmaps/, behaviour);
    const expected = { name: "ReadError", code, message: `ConfigMap shop/sql could not be read: ${reason}` };
    await expect(reader.get("ConfigMap", "shop", "sql", signal)).rejects.toMatchObject(expected);
    await expect(reader.list("ConfigMap", "shop", signal)).rejects.toMatchObject({ code });
  });

  it("throw ReadError when there is no API server any more", async () => {
    await connect();
    await api.close();
    await expect(reader.get("ConfigMap", "shop", "sql", signal)).rejects.toMatchObject({ code: "READ_UNREACHABLE" });
    api = await startApiServer();
  });

  it("are given up when the caller gives up", async () => {
    await connect({ requestTimeoutMs: 300_000 }); // else the test's own time runs out
    api.misbehave(/jobs/, { kind: "silence" });
    const reading = reader.get("Job", "shop", "mig", AbortSignal.timeout(50));
    await expect(reading).rejects.toMatchObject({ code: "READ_TIMEOUT" });
    await expect(reader.get("Job", "shop", "mig", AbortSignal.abort())).rejects.toMatchObject({ code: "READ_TIMEOUT" });
  });
});

describe("access", () => {
  it("is asked for by kind, and for no Secret, no writing and no wildcard", () => {
    const rules = JSON.stringify(requiredAccess);
    expect(rules).not.toMatch(/secret|\*|create|update|patch|delete/i);
    expect(requiredAccess).toContainEqual({
      apiGroup: "",
      resources: ["namespaces", "services"],
      verbs: ["get", "list", "watch"],
    });
    expect(requiredAccess).toContainEqual({
      apiGroup: "batch",
      resources: ["cronjobs", "jobs"],
      verbs: ["get", "list"],
    });
  });

  it("covers all that is really asked of the API server", async () => {
    await connect();
    await reader.get("ConfigMap", "shop", "sql", signal);
    await reader.list("Backup", "shop", signal);
    await eventually(() => expect(api.requests.filter((request) => request.startsWith("WATCH"))).toHaveLength(8));
    const plurals = api.requests.map(
      (request) => request.replace(/.*\/v1\/(namespaces\/[^/]+\/)?/, "").split("/")[0] ?? "",
    );
    const allowed = requiredAccess.flatMap(({ resources }) => resources);
    expect([...new Set(plurals)].filter((plural) => !allowed.includes(plural))).toEqual([]);
  });

  it("needs a context that is in the kubeconfig", async () => {
    const options = {
      kubeconfig: await api.kubeconfig(),
      requestTimeoutMs: 100,
      watchStaleMs: 1_000,
      log: { info: () => {}, warn: () => {} },
    };
    reader = createKubernetesReader({ ...options, context: "other" });
    expect(() => createKubernetesReader({ ...options, context: "nowhere" })).toThrow(
      "the kubeconfig has no context nowhere",
    );
  });
});
