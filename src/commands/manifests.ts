import { createFilesReader, type FileObject, parseObjects, readObjects } from "../adapters/files.ts";
import { loadPolicies } from "../adapters/policy-files.ts";
import { createPreviews } from "../adapters/previews.ts";
import { createSqlWorkers } from "../adapters/sql-workers.ts";
import { readConfig } from "../config.ts";
import { createGate, type Gate } from "../gate/review.ts";
import type { Policy } from "../model/policy.ts";
import { readPolicy } from "../policy.ts";
import type { ObjectReader, World } from "../ports.ts";
import { type Io, UsageError } from "./command.ts";

/** What a command was pointed at. Paths are files, folders or "-". */
export interface Pointed {
  readonly paths: readonly string[];
  /** folder of YAML as the cluster, or null */
  readonly cluster: string | null;
  /** kubeconfig context of a real cluster, or null */
  readonly context: string | null;
  readonly policies: readonly Policy[];
  /** the time evidence is judged at; null is now */
  readonly now: Date | null;
}

/** The gate over manifests, the same one as in the cluster; `close` ends its workers. */
export interface ManifestGate {
  readonly gate: Gate;
  readonly world: World;
  /** objects of the paths, in the order read */
  readonly objects: readonly FileObject[];
  close(): Promise<void>;
}

/** Policies of a folder; without one named, ./policies, because that is where a repository keeps them. */
export async function readPolicies(directory: string | undefined): Promise<readonly Policy[]> {
  const { policies } = await loadPolicies(directory ?? "policies", readPolicy);
  return policies;
}

/** Reads the paths and builds the gate over them. Throws UsageError, FilesError, PolicyError. */
export async function openManifests(pointed: Pointed, io: Io): Promise<ManifestGate> {
  if (pointed.paths.length === 0) throw new UsageError("give at least one file or folder, or - for standard input");
  const stdin = pointed.paths.includes("-") ? await io.readStdin() : "";
  const objects = (await Promise.all(pointed.paths.map((path) => readObjects(path, stdin)))).flat();
  refuseDoubles(objects);
  const analyzer = createSqlWorkers({ threads: 1, deadlineMs: 30_000, cacheBytes: 64 * 1024 * 1024 });
  const config = await readConfig(["--self-signed"]);
  const cluster = await openCluster(pointed, stdin, io);
  const world: World = {
    reader: cluster.reader,
    analyzer,
    previews: createPreviews(),
    clock: { now: () => pointed.now ?? new Date() },
    policies: () => pointed.policies,
    settings: { ...config, exemptNamespaces: [...config.exemptNamespaces, config.namespace] },
    offline: pointed.cluster === null && pointed.context === null,
  };
  const close = async (): Promise<void> => {
    await analyzer.close();
    await cluster.close();
  };
  return { gate: createGate(world), world, objects, close };
}

/** Of two objects with one name only one can be applied, and the other may be the one that destroys. */
function refuseDoubles(objects: readonly FileObject[]): void {
  const seen = new Map<string, FileObject>();
  for (const file of objects) {
    const { apiVersion, kind, metadata } = file.object;
    const name = `${metadata.namespace ?? "default"}/${metadata.name}`;
    const first = seen.get(`${apiVersion} ${kind} ${name}`);
    if (first !== undefined && metadata.name !== "" && JSON.stringify(first.object) !== JSON.stringify(file.object)) {
      const places = `${first.file}:${first.line} and ${file.file}:${file.line}`;
      throw new UsageError(`${kind} ${name} stands at ${places}, differently: give the manifests of one environment`);
    }
    seen.set(`${apiVersion} ${kind} ${name}`, file);
  }
}

interface OpenCluster {
  readonly reader: ObjectReader;
  close(): Promise<void>;
}

/** What the manifests hold goes before what the cluster holds: it is what is about to be. */
async function openCluster({ paths, cluster, context }: Pointed, stdin: string, io: Io): Promise<OpenCluster> {
  const folders = [...(cluster === null ? [] : [cluster]), ...paths.filter((path) => path !== "-")];
  const files = await createFilesReader(folders, { extra: parseObjects("standard input", stdin) });
  if (context === null) return { reader: files, close: async () => {} };
  const log = {
    info: () => {},
    warn: (_: unknown, text?: string) => io.err(`${text ?? "the cluster cannot be read"}\n`),
  };
  const { createKubernetesReader } = await import("../adapters/kubernetes.ts");
  const live = createKubernetesReader({ context, requestTimeoutMs: 5_000, watchStaleMs: 60_000, log });
  await live.start();
  return { reader: layered(files, live), close: () => live.close() };
}

function layered(first: ObjectReader, second: ObjectReader): ObjectReader {
  return {
    get: async (kind, namespace, name, signal) =>
      (await first.get(kind, namespace, name, signal)) ?? (await second.get(kind, namespace, name, signal)),
    list: async (kind, namespace, signal) => {
      const [near, far] = await Promise.all([
        first.list(kind, namespace, signal),
        second.list(kind, namespace, signal),
      ]);
      const key = (object: (typeof near)[number]) => `${object.metadata.namespace}/${object.metadata.name}`;
      const known = new Set(near.map(key));
      return [...near, ...far.filter((object) => !known.has(key(object)))];
    },
  };
}
