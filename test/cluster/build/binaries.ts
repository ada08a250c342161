import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type GoModule, goModules } from "../versions.ts";
import { cached } from "./cache.ts";
import { run } from "./run.ts";

/** The folder with a module's binaries, built from the Go module proxy if the cache has none. */
export function binariesOf(module: GoModule, say: (line: string) => void): Promise<string> {
  const name = `${Object.keys(module.binaries)[0]}-${module.version}`;
  return cached(name, module, (folder) => build(module, folder), say);
}

/** The published source of a module: manifests and CRDs come from there too. */
export async function sourceOf(module: Pick<GoModule, "module" | "version">): Promise<string> {
  const answer: unknown = JSON.parse(
    await run("go", ["mod", "download", "-json", `${module.module}@${module.version}`]),
  );
  return String(Object(answer).Dir);
}

export function moduleOf(binary: string, version?: string): GoModule {
  const found = goModules.find(
    (module) => binary in module.binaries && (version === undefined || module.version === `v${version}`),
  );
  if (found === undefined) throw new Error(`versions.ts has no module for ${binary} ${version ?? ""}`);
  return found;
}

/**
 * `go install module@version` refuses modules with `replace` lines. So a module of our own takes over go.mod and go.sum,
 * points what was replaced by a folder at its published version, and requires the module itself.
 */
async function build(module: GoModule, folder: string): Promise<void> {
  const source = await sourceOf(module);
  const wrapper = await mkdtemp(join(tmpdir(), "migration-gate-build-"));
  try {
    copyFileSync(join(source, "go.sum"), join(wrapper, "go.sum"));
    writeFileSync(join(wrapper, "go.mod"), wrapperModule(module, readFileSync(join(source, "go.mod"), "utf8")));
    if (module.files !== undefined) completed(module.files, source, join(wrapper, "source"));
    const variables = Object.entries(module.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
    for (const [binary, main] of Object.entries(module.binaries)) {
      const flags = ["-ldflags", ["-s -w", ...variables].join(" "), "-o", join(folder, binary)];
      // static, because some of them run in images that hold nothing else
      await run("go", ["build", ...flags, main], { cwd: wrapper, env: { CGO_ENABLED: "0", GOFLAGS: "-mod=mod" } });
    }
  } finally {
    rmSync(wrapper, { recursive: true, force: true });
  }
}

/** A copy of a module's source with files that it lacks: the module cache can be written by nobody. */
function completed(files: Readonly<Record<string, string>>, source: string, copy: string): void {
  cpSync(source, copy, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    const folder = dirname(join(copy, path));
    chmodSync(dirname(folder), 0o755);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(copy, path), text);
  }
}

function wrapperModule(module: GoModule, original: string): string {
  // Kubernetes keeps its own parts as v0.0.0 beside it; they are published as v0.<minor>.<patch>.
  const parts = original.matchAll(/^\s+(k8s\.io\/\S+) v0\.0\.0$/gm);
  const published = module.version.replace(/^v1\./, "v0.");
  const replace = new Map(Object.entries(module.replace ?? {}));
  for (const [, part] of parts) if (part !== undefined) replace.set(part, published);
  const kept = original
    .split("\n")
    .filter((line) => !/=>\s*\.{1,2}\//.test(line) && ![...replace.keys()].some((name) => replaces(line, name)));
  const added = [...replace].map(([name, version]) => `replace ${name} => ${name} ${version}`);
  if (module.files !== undefined) added.push(`replace ${module.module} => ./source`);
  return [
    ...kept.map((line) => line.replace(/^module .*/, "module migration-gate.dev/build")),
    ...added,
    `require ${module.module} ${module.version}`,
    "",
  ].join("\n");
}

function replaces(line: string, name: string): boolean {
  return line.includes("=>") && line.split(/\s+/).includes(name);
}
