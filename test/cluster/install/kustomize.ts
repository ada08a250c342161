import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Manifest, objectsOf } from "../../deploy/objects.ts";
import { binariesOf, moduleOf } from "../build/binaries.ts";
import { run } from "../build/run.ts";

/** Files of a folder that kustomize builds: path to text. */
export type Files = Readonly<Record<string, string>>;

/** A kustomization as its users write it; kustomize itself says what does not fit. */
export type Kustomization = Readonly<Record<string, unknown>>;

/** An operation of a JSON patch. A `test` before it makes a changed original an error, where it would be patched wrongly. */
export type Operation =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

/** What the cluster's own kubectl builds of a kustomization beside these files. */
export async function kustomized(kustomization: Kustomization, files: Files): Promise<readonly Manifest[]> {
  const folder = mkdtempSync(join(tmpdir(), "migration-gate-install-"));
  try {
    for (const [path, text] of Object.entries({ ...files, "kustomization.yaml": JSON.stringify(kustomization) })) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return await built(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the cluster's own kubectl builds of a folder. */
async function built(folder: string): Promise<readonly Manifest[]> {
  const kubectl = join(await binariesOf(moduleOf("kubectl"), (line) => process.stderr.write(`${line}\n`)), "kubectl");
  return objectsOf(await run(kubectl, ["kustomize", folder]), folder);
}

/** Every YAML file under a folder, at `place`. A copy: the module cache can be written by nobody, and kustomize reads nothing outside. */
export function filesUnder(folder: string, place: string): Files {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".yaml"));
  return Object.fromEntries(names.map((name) => [join(place, name), readFileSync(join(folder, name), "utf8")]));
}

/** A patch of every object that the target names; of names, kustomize takes regular expressions. */
export function patchOf(target: Readonly<Record<string, string>>, patch: readonly Operation[]): Kustomization {
  return { target, patch: JSON.stringify(patch) };
}

/** An image in the two parts that kustomize replaces. */
export function imageOf(image: string): { readonly newName: string; readonly newTag: string } {
  const colon = image.lastIndexOf(":");
  return { newName: image.slice(0, colon), newTag: image.slice(colon + 1) };
}
