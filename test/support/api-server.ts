import { mkdtemp, writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a path is answered with: a status, nothing ever, or a body after a while. */
export type Behaviour =
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "silence" }
  | { readonly kind: "delay"; readonly milliseconds: number }
  | { readonly kind: "garbage"; readonly body: string };

interface StoredObject {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

/**
 * An API server for tests, over real HTTP: lists in pages, watches from a resourceVersion, GETs, and per path any
 * misbehaviour. Collections are named as in the URL ("/api/v1/configmaps"); one that was never declared is a 404.
 */
export async function startApiServer() {
  const collections = new Map<string, Map<string, StoredObject>>();
  const events: { readonly path: string; readonly version: number; readonly line: string }[] = [];
  const watchers = new Set<{ readonly path: string; readonly response: ServerResponse }>();
  const behaviours: { readonly pattern: RegExp; readonly behaviour: Behaviour }[] = [];
  const requests: string[] = [];
  let version = 100;
  let oldest = 0;

  function answerWatch(path: string, url: URL, response: ServerResponse): void {
    const from = Number(url.searchParams.get("resourceVersion"));
    if (from < oldest) {
      const status = { kind: "Status", code: 410, reason: "Expired" };
      response.writeHead(200).end(`${JSON.stringify({ type: "ERROR", object: status })}\n`);
      return;
    }
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    for (const event of events) if (event.path === path && event.version > from) response.write(event.line);
    const watcher = { path, response };
    watchers.add(watcher);
    const timer = setTimeout(() => response.end(), Number(url.searchParams.get("timeoutSeconds")) * 1000);
    response.on("close", () => {
      clearTimeout(timer);
      watchers.delete(watcher);
    });
  }

  function answerList(entries: readonly [string, StoredObject][], url: URL, response: ServerResponse): void {
    const start = Number(url.searchParams.get("continue") ?? 0);
    const end = start + Math.min(Number(url.searchParams.get("limit") ?? 500), pageSize);
    const metadata = { resourceVersion: String(version), ...(end < entries.length ? { continue: String(end) } : {}) };
    const items = entries.slice(start, end).map(([, object]) => object);
    response.end(JSON.stringify({ kind: "List", metadata, items }));
  }

  function answer(url: URL, response: ServerResponse): void {
    const { path, namespace, name } = parsePath(url.pathname);
    const collection = collections.get(path);
    if (collection === undefined) response.writeHead(404).end("{}");
    else if (name !== "") answerGet(collection.get(`${namespace}/${name}`), response);
    else if (url.searchParams.has("watch")) answerWatch(path, url, response);
    else
      answerList(
        [...collection].filter(([key]) => namespace === "" || key.startsWith(`${namespace}/`)),
        url,
        response,
      );
  }

  function answerGet(found: StoredObject | undefined, response: ServerResponse): void {
    response.writeHead(found ? 200 : 404).end(JSON.stringify(found ?? {}));
  }

  function behave(behaviour: Behaviour, url: URL, response: ServerResponse): void {
    if (behaviour.kind === "status") response.writeHead(behaviour.status).end("{}");
    if (behaviour.kind === "garbage") response.writeHead(200).end(behaviour.body);
    if (behaviour.kind === "delay") setTimeout(() => answer(url, response), behaviour.milliseconds);
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://api");
    requests.push(`${url.searchParams.has("watch") ? "WATCH" : "GET"} ${url.pathname}`);
    const misbehaviour = behaviours.findLast(({ pattern }) => pattern.test(requests.at(-1) ?? ""));
    if (misbehaviour) behave(misbehaviour.behaviour, url, response);
    else answer(url, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  function emit(type: string, path: string, object: StoredObject): void {
    version += 1;
    const stamped = { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
    const line = `${JSON.stringify({ type, object: stamped })}\n`;
    events.push({ path, version, line });
    for (const watcher of watchers) if (watcher.path === path) watcher.response.write(line);
  }

  return {
    port,
    /** "GET /path" and "WATCH /path", in the order they came */
    requests,
    /** a kubeconfig file that leads here */
    kubeconfig: () => writeKubeconfig(port),
    declare: (...paths: readonly string[]) => {
      for (const path of paths) if (!collections.has(path)) collections.set(path, new Map());
    },
    put(path: string, object: StoredObject): void {
      const collection = collections.get(path) ?? new Map<string, StoredObject>();
      const key = `${object.metadata.namespace ?? ""}/${object.metadata.name}`;
      const type = collection.has(key) ? "MODIFIED" : "ADDED";
      collections.set(path, collection.set(key, object));
      emit(type, path, object);
    },
    remove(path: string, object: StoredObject): void {
      collections.get(path)?.delete(`${object.metadata.namespace ?? ""}/${object.metadata.name}`);
      emit("DELETED", path, object);
    },
    bookmark: (path: string) => emit("BOOKMARK", path, { metadata: { name: "" } }),
    /** forgets every version so far, as etcd's compaction does */
    compact(): void {
      version += 1;
      oldest = version;
      events.length = 0;
    },
    /** cuts all open watches, by closing the connection under them */
    cutWatches(): void {
      for (const { response } of watchers) response.socket?.destroy();
    },
    watching: (path: string) => [...watchers].some((watcher) => watcher.path === path),
    /** from now on, requests like "WATCH /api/v1/services" that match are answered so; the latest wins */
    misbehave: (pattern: RegExp, behaviour: Behaviour) => void behaviours.push({ pattern, behaviour }),
    behave: () => void behaviours.splice(0),
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type ApiServer = Awaited<ReturnType<typeof startApiServer>>;

/** Small, so that lists of a few objects come in several pages. */
const pageSize = 2;

function parsePath(pathname: string): { path: string; namespace: string; name: string } {
  const parts = /^(\/api\/v1|\/apis\/[^/]+\/[^/]+)(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)(?:\/([^/]+))?$/.exec(
    pathname,
  );
  const [, root = "", namespace = "", plural = "", name = ""] = parts ?? [];
  return { path: `${root}/${plural}`, namespace, name };
}

async function writeKubeconfig(port: number): Promise<string> {
  const config = {
    "current-context": "test",
    contexts: [
      { name: "test", context: { cluster: "test", user: "test" } },
      { name: "other", context: { cluster: "test", user: "test" } },
    ],
    clusters: [{ name: "test", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
    users: [{ name: "test", user: { token: "t0ken" } }],
  };
  const path = join(await mkdtemp(join(tmpdir(), "kubeconfig-")), "config");
  await writeFile(path, JSON.stringify(config));
  return path;
}
