import { fields, items, textOf } from "../model/fields.ts";
import type { Files, Opaque, Word } from "../model/run.ts";
import { knownText } from "../model/word.ts";
import { type Container, containersOf, type PodContext } from "./containers.ts";
import { normalPath } from "./files.ts";
import { matchesImage } from "./image.ts";
import { volumeContent } from "./volumes.ts";

/** Variables that make a shell or the loader run something before, or instead of, the named program. */
const bendingVariables: Readonly<Record<string, string>> = {
  BASH_ENV: "is run by bash before any script",
  ENV: "is run by sh before any script",
  LD_PRELOAD: "puts code into every program",
  LD_AUDIT: "puts code into every program",
  LD_LIBRARY_PATH: "replaces the libraries of every program",
  PATH: "may find another program under the same name",
  SHELLOPTS: "changes how a script runs",
  BASHOPTS: "changes how a script runs",
  PS4: "is expanded, commands included, by `set -x`",
};

/** Folders of programs, libraries and their settings: what is mounted there may stand in for the image's own. */
const programFolders = [
  "/bin",
  "/sbin",
  "/lib",
  "/lib64",
  "/usr/bin",
  "/usr/sbin",
  "/usr/lib",
  "/usr/libexec",
  "/usr/local/bin",
  "/usr/local/sbin",
  "/usr/local/lib",
  "/usr/local/etc",
  "/usr/local/share",
  "/usr/share/postgresql",
  "/usr/share/postgresql-common",
  "/opt/bitnami",
];
const programFiles = [
  "/etc/ld.so.preload",
  "/etc/ld.so.conf",
  "/etc/ld.so.conf.d",
  "/etc/profile",
  "/etc/profile.d",
  "/etc/bash.bashrc",
  "/etc/postgresql-common",
];
/** psql also looks for one of its own version: ".psqlrc-17", ".psqlrc-17.12" */
const startupFile = /\/\.(?:psqlrc(?:-[\w.]+)?|bashrc|profile|bash_profile|pg_service\.conf|my\.cnf)$/;
const homes = ["/root", "/var/lib/postgresql", "/home/postgres"];

/**
 * What makes readable SQL of a container no proof of what will run (design section 6): an image nobody vouches for, and
 * everything in the Pod that can bend a trusted one.
 */
export function bendsOf(
  container: Container,
  env: ReadonlyMap<string, Word>,
  files: Files,
  pod: PodContext,
  images: readonly string[],
): readonly Opaque[] {
  const reasons = [
    ...(matchesImage(container.image, images)
      ? []
      : [`image ${container.image} is none that policy knows as a client`]),
    ...[...env.keys()].flatMap((name) => bendingVariable(name)),
    ...mountPaths(container)
      .filter(hidesPrograms)
      .map((path) => `a volume is mounted at ${path}, where programs live`),
    ...homesOf(env).flatMap((home) => [
      ...startupFilesIn(home, files).map((path) => `${path} runs before the SQL`),
      ...openVolumesAt(home, container, pod).map((name) => `volume ${name} may bring start-up files into ${home}`),
    ]),
    ...podReasons(pod),
  ];
  return reasons.map((reason) => ({
    kind: "untrusted",
    reason,
    origin: { object: "", key: container.path, line: 1 },
  }));
}

function bendingVariable(name: string): readonly string[] {
  if (name.startsWith("BASH_FUNC_")) return [`variable ${name} defines a shell function`];
  const why = Object.hasOwn(bendingVariables, name) ? bendingVariables[name] : undefined;
  return why === undefined ? [] : [`variable ${name} ${why}`];
}

function mountsOf(container: Container): readonly Readonly<Record<string, unknown>>[] {
  return items(container.fields["volumeMounts"]).map(fields);
}

function mountPaths(container: Container): readonly string[] {
  return mountsOf(container).map((mount) => normalPath(textOf(mount["mountPath"])));
}

function hidesPrograms(path: string): boolean {
  if ([...programFolders, ...programFiles].some((place) => within(path, place) || within(place, path))) return true;
  return startupFile.test(path);
}

function within(path: string, folder: string): boolean {
  return path === folder || folder === "/" || path.startsWith(`${folder}/`);
}

/** HOME, if the manifest says it, else where the usual clients have theirs. */
function homesOf(env: ReadonlyMap<string, Word>): readonly string[] {
  const home = knownText(env.get("HOME") ?? []);
  return home === null || home === "" ? homes : [normalPath(home)];
}

/** Start-up files that a mounted home certainly brings. */
function startupFilesIn(home: string, files: Files): readonly string[] {
  const listed = files.list(home);
  if (listed.kind === "known") return listed.paths.filter((path) => startupFile.test(path));
  return [`${home}/.psqlrc`].filter((path) => files.read(path).kind === "text");
}

/** Volumes over a home that somebody else fills; an emptyDir of this container alone is empty when it starts. */
function openVolumesAt(home: string, container: Container, pod: PodContext): readonly string[] {
  const over = mountsOf(container).filter((mount) => within(home, normalPath(textOf(mount["mountPath"]))));
  return over.map((mount) => textOf(mount["name"])).filter((name) => isFilledElsewhere(name, pod));
}

function isFilledElsewhere(name: string, pod: PodContext): boolean {
  if (volumeContent(name, pod).open === null) return false;
  const volume = fields(items(pod.spec["volumes"]).find((item) => fields(item)["name"] === name));
  if (volume["emptyDir"] === undefined) return true;
  const users = containersOf(pod.spec, "").filter((other) => mountsOf(other).some((mount) => mount["name"] === name));
  return users.length > 1;
}

function podReasons(pod: PodContext): readonly string[] {
  const { spec } = pod;
  const policy = textOf(spec["dnsPolicy"]);
  return [
    ...(spec["shareProcessNamespace"] === true ? ["the Pod's containers share their processes"] : []),
    ...(spec["hostPID"] === true ? ["the Pod sees the node's processes"] : []),
    ...(items(spec["hostAliases"]).length > 0 ? ["hostAliases may send a host name to another server"] : []),
    ...(policy === "None" ? ["dnsPolicy None may send a host name to another server"] : []),
  ];
}
