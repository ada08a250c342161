import { fields, items, textOf } from "../model/fields.ts";
import type { FileReading, Files, Word } from "../model/run.ts";
import { knownText } from "../model/word.ts";
import type { Container, PodContext } from "./containers.ts";
import { expandReferences } from "./expand.ts";
import { type VolumeContent, volumeContent } from "./volumes.ts";

/** A mount with what is seen under it. */
interface Mount {
  readonly path: string;
  /** the whole mount is one file (subPath), or a directory of files */
  readonly file: FileReading | null;
  readonly content: VolumeContent;
}

/**
 * A container's files. Under a ConfigMap's mount nothing exists beside its keys; everywhere else the image's files are
 * unknown, which is not the same as absent.
 */
export function filesOf(container: Container, env: ReadonlyMap<string, Word>, pod: PodContext): Files {
  const mounts = items(container.fields["volumeMounts"]).map((mount) => readMount(fields(mount), env, pod));
  /** the deepest mount hides what is above it; of two at one place ("/sql" and "/sql/") the runtime chooses */
  const mountOf = (path: string): Mount | undefined => {
    const [first, second] = mounts
      .filter((mount) => isWithin(path, mount.path))
      .sort((a, b) => b.path.length - a.path.length);
    if (first === undefined || first.path !== second?.path) return first;
    return { path: first.path, file: null, content: { files: new Map(), open: `two volumes at ${first.path}` } };
  };
  return {
    read: (path) => {
      const wanted = normalPath(path);
      const mount = mountOf(wanted);
      if (mount === undefined) return { kind: "unknown", reason: `${wanted} is a file of image ${container.image}` };
      return readUnder(mount, wanted);
    },
    list: (directory) => {
      const wanted = normalPath(directory);
      const mount = mountOf(wanted);
      if (mount === undefined)
        return { kind: "unknown", reason: `${wanted} is a directory of image ${container.image}` };
      if (mount.content.open !== null) return { kind: "unknown", reason: mount.content.open };
      const within = [...mount.content.files.keys()].map((file) => normalPath(`${mount.path}/${file}`));
      const names = [...within, ...mounts.map((other) => other.path)].flatMap((path) => childOf(path, wanted));
      return { kind: "known", paths: [...new Set(names)].sort() };
    },
  };
}

/** An absolute path without ".", ".." and doubled slashes; a relative one is taken from the root. */
export function normalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || directory === "/" || path.startsWith(`${directory}/`);
}

function childOf(path: string, directory: string): readonly string[] {
  if (path === directory || !isWithin(path, directory)) return [];
  const base = directory === "/" ? "" : directory;
  return [`${base}/${path.slice(base.length + 1).split("/")[0] ?? ""}`];
}

function readUnder(mount: Mount, path: string): FileReading {
  if (path === mount.path && mount.file !== null) return mount.file;
  const base = mount.path === "/" ? "" : mount.path;
  // the kubelet publishes a volume's files through a link called "..data"
  const name = path.slice(base.length + 1).replace(/^\.\.data\//, "");
  const file = mount.content.files.get(name);
  if (file !== undefined) return file;
  if (mount.content.open !== null) return { kind: "unknown", reason: mount.content.open };
  const isDirectory = name === "" || [...mount.content.files.keys()].some((key) => key.startsWith(`${name}/`));
  return isDirectory ? { kind: "unknown", reason: `${path} is a directory` } : { kind: "absent" };
}

function readMount(mount: Readonly<Record<string, unknown>>, env: ReadonlyMap<string, Word>, pod: PodContext): Mount {
  const path = normalPath(textOf(mount["mountPath"]));
  const content = volumeContent(textOf(mount["name"]), pod);
  const subPath = knownText(expandReferences(textOf(mount["subPathExpr"]), env));
  const below = textOf(mount["subPath"]) || subPath;
  if (below === null) return { path, file: null, content: { files: new Map(), open: `subPathExpr of ${path}` } };
  if (below === "") return { path, file: null, content };
  return mountBelow(path, normalPath(below).slice(1), content);
}

/** A subPath names a file of the volume, or a directory in it. */
function mountBelow(path: string, below: string, content: VolumeContent): Mount {
  const file = content.files.get(below) ?? null;
  if (file !== null) return { path, file, content: { files: new Map(), open: null } };
  const inside = [...content.files].filter(([name]) => name.startsWith(`${below}/`));
  const files = new Map(inside.map(([name, reading]) => [name.slice(below.length + 1), reading]));
  return { path, file: null, content: { files, open: content.open } };
}
