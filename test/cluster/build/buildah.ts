import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { run } from "./run.ts";

/** A place where buildah keeps images while some are built; it goes away with `closeStore`, archives are what stays. */
export interface Store {
  readonly folder: string;
  /** The archives whose images are in it. */
  readonly loaded: Set<string>;
}

export interface Build {
  readonly image: string;
  /** A Containerfile or Dockerfile. */
  readonly file: string;
  readonly context: string;
  readonly target?: string;
  readonly arguments?: Readonly<Record<string, string>>;
  /** Mounted while commands run, in no layer. */
  readonly volumes?: readonly string[];
}

export function openStore(): Store {
  const folder = join(cacheFolder, `buildah.${process.pid}`);
  mkdirSync(folder, { recursive: true });
  return { folder, loaded: new Set() };
}

export function closeStore(store: Store): void {
  rmSync(store.folder, { recursive: true, force: true });
}

/** Puts an archive's image under its own name, so that `FROM` finds it there and nowhere else. */
export async function load(store: Store, archive: string): Promise<void> {
  if (store.loaded.has(archive)) return;
  await buildah(store, ["pull", "--quiet", `docker-archive:${archive}`]);
  store.loaded.add(archive);
}

/** Builds a Containerfile as it is into an archive that containerd imports. */
export async function build(
  store: Store,
  { image, file, context, target, volumes = [], ...rest }: Build,
  archive: string,
) {
  const settings = Object.entries(rest.arguments ?? {}).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  await buildah(store, [
    "build",
    // No daemon, no namespaces that a CI machine may refuse, no network but the machine's own, no registry.
    ...["--isolation", "chroot", "--network", "host", "--pull-never"],
    ...volumes.flatMap((volume) => ["--volume", volume]),
    ...settings,
    ...(target === undefined ? [] : ["--target", target]),
    ...["--file", file, "--tag", image, context],
  ]);
  await buildah(store, ["push", "--quiet", image, `docker-archive:${archive}:${image}`]);
  store.loaded.add(archive);
}

/** In a mount namespace of its own: whatever buildah mounts is gone with it, however it ends. */
function buildah({ folder }: Store, args: readonly string[]): Promise<string> {
  const storage = ["--storage-driver", "overlay", "--root", join(folder, "root"), "--runroot", join(folder, "run")];
  return run("unshare", ["--mount", "--propagation", "private", "buildah", ...storage, ...args]);
}
