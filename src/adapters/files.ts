import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import type { KubernetesObject, ReadableKind } from "../model/kubernetes.ts";
import type { ObjectReader } from "../ports.ts";
import { type FileObject, FilesError, parseObjects } from "./files/manifest.ts";

export { type FileObject, FilesError, parseObjects } from "./files/manifest.ts";

/** A folder of YAML as the cluster; `objects()` are those of the last reading, in the order read. */
interface FilesReader extends ObjectReader {
  objects(): readonly FileObject[];
}

/** Files under a path, sorted; `..` names are the kubelet's own links of a mounted folder. */
async function filesUnder(path: string, seen: Set<string> = new Set()): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const real = await realpath(path);
  if (seen.has(real)) return [];
  seen.add(real);
  const found: string[] = [];
  for (const entry of (await readdir(path, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === ".git" || entry.name === "node_modules" || entry.name.startsWith("..")) continue;
    if (entry.isFile() && !/\.(ya?ml|json)$/.test(entry.name)) continue;
    const nested = await filesUnder(join(path, entry.name), seen);
    found.push(...nested.filter((file) => /\.(ya?ml|json)$/.test(file)));
  }
  return found;
}

async function existing(path: string): Promise<readonly string[]> {
  try {
    return await filesUnder(path);
  } catch (cause) {
    throw new FilesError(`${path}: cannot be read: give a file or folder that exists`, { cause });
  }
}

/** Objects of a file or folder as written; "-" takes the given text of standard input. Throws FilesError. */
export async function readObjects(path: string, stdin = ""): Promise<readonly FileObject[]> {
  if (path === "-") return parseObjects("standard input", stdin);
  const objects: FileObject[] = [];
  for (const file of await existing(path)) objects.push(...parseObjects(file, await readFile(file, "utf8")));
  return objects;
}

/** Readable kinds by API group: other groups have a Backup, Cluster or Database of their own. */
const groups: Readonly<Record<string, readonly ReadableKind[]>> = {
  "": ["ConfigMap", "Namespace", "PersistentVolumeClaim", "Pod", "Service"],
  batch: ["CronJob", "Job"],
  apps: ["ReplicaSet"],
  "snapshot.storage.k8s.io": ["VolumeSnapshot"],
  "postgresql.cnpg.io": ["Backup", "Cluster", "Database", "DatabaseRole", "Pooler", "ScheduledBackup"],
  "barmancloud.cnpg.io": ["ObjectStore"],
};

function isReadable(object: KubernetesObject): boolean {
  const group = object.apiVersion.includes("/") ? object.apiVersion.split("/")[0] : "";
  return groups[group ?? ""]?.some((kind) => kind === object.kind) ?? false;
}

/** kind → "namespace/name" → object; of two with one name the last wins, as applying them in order would have it. */
type Index = ReadonlyMap<string, ReadonlyMap<string, KubernetesObject>>;

function indexed(objects: readonly FileObject[], defaultNamespace: string): Index {
  const index = new Map<string, Map<string, KubernetesObject>>();
  for (const { object } of objects) {
    if (!isReadable(object)) continue;
    const { kind } = object;
    const namespace = kind === "Namespace" ? "" : (object.metadata.namespace ?? defaultNamespace);
    const placed = { ...object, metadata: { ...object.metadata, namespace } };
    const ofKind = index.get(kind) ?? new Map<string, KubernetesObject>();
    index.set(kind, ofKind.set(`${namespace}/${object.metadata.name}`, placed));
  }
  return index;
}

/** Changes whenever a file appears, disappears or is written. */
async function stateOf(paths: readonly string[]): Promise<string> {
  const files = (await Promise.all(paths.map(existing))).flat();
  const states = await Promise.all(files.map((file) => stat(file)));
  return states.map(({ mtimeMs, size }, at) => `${files[at]} ${mtimeMs} ${size}`).join("\n");
}

/** `defaultNamespace`: for objects that name none ("default"). `live`: an edited file counts after 50 ms. `extra`: read after the files. */
interface FilesOptions {
  readonly defaultNamespace?: string;
  readonly live?: boolean;
  readonly extra?: readonly FileObject[];
}

const freshMs = 50;

/** Files and folders as the cluster. Throws FilesError, and when live at every question. */
export async function createFilesReader(paths: readonly string[], options: FilesOptions = {}): Promise<FilesReader> {
  let objects: readonly FileObject[] = [];
  let index: Index = new Map();
  // The very same list until a file changes, so that what follows from it can be kept.
  const lists = new Map<string, readonly KubernetesObject[]>();
  let loaded: string | null = null;
  const load = async (): Promise<void> => {
    const state = await stateOf(paths);
    if (state === loaded) return;
    objects = [...(await Promise.all(paths.map((path) => readObjects(path)))).flat(), ...(options.extra ?? [])];
    index = indexed(objects, options.defaultNamespace ?? "default");
    lists.clear();
    loaded = state;
  };
  let looked = performance.now();
  let looking: Promise<void> | null = null;
  // A review asks a dozen questions: looking at every file for each of them would cost more than the review.
  const refresh = async (): Promise<void> => {
    if (looking === null && performance.now() - looked < freshMs) return;
    looking ??= load().finally(() => {
      looked = performance.now();
      looking = null;
    });
    await looking;
  };
  const ofKind = async (kind: ReadableKind, signal: AbortSignal) => {
    signal.throwIfAborted();
    if (options.live === true) await refresh();
    return index.get(kind) ?? new Map<string, KubernetesObject>();
  };
  await load();
  return {
    objects: () => objects,
    get: async (kind, namespace, name, signal) => (await ofKind(kind, signal)).get(`${namespace}/${name}`) ?? null,
    async list(kind, namespace, signal) {
      const all = await ofKind(kind, signal);
      const key = `${kind} ${namespace}`;
      const kept = lists.get(key);
      if (kept !== undefined) return kept;
      const list = [...all.values()].filter(({ metadata }) => namespace === "" || metadata.namespace === namespace);
      lists.set(key, list);
      return list;
    },
  };
}
