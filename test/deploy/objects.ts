import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { parseAllDocuments } from "yaml";

const root = join(import.meta.dirname, "../..");

/** An object of a manifest; nothing is known of its fields yet. */
export type Manifest = Readonly<Record<string, unknown>>;

/** A field deep inside a manifest: `field(pod, "status", "phase")`. */
export function field(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((found, name) => Object(found)[name], value);
}

/** One object of a YAML file, path from the repository's root. */
export interface Written {
  readonly file: string;
  readonly object: Manifest;
}

/** Objects of a file by its path from the root; throws when a document is no YAML or no object. */
export function objectsIn(file: string): readonly Manifest[] {
  return objectsOf(readFileSync(join(root, file), "utf8"), file);
}

/** Objects of a YAML text; `place` is for messages. */
export function objectsOf(text: string, place: string): readonly Manifest[] {
  return parseAllDocuments(text).map((document): Manifest => {
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`${place}: ${error.message}`);
    const object: unknown = document.toJS();
    if (typeof object !== "object" || object === null) throw new Error(`${place}: a document that is no object`);
    return { ...object };
  });
}

/** Every object written under a folder that an API server may be given: kustomizations and patches are for kustomize alone. */
export function writtenUnder(folder: string): readonly Written[] {
  const files = yamlFiles(folder).filter((file) => !patches().has(file) && !file.endsWith("kustomization.yaml"));
  return files.flatMap((file) => objectsIn(file).map((object) => ({ file, object })));
}

/** A kustomization file and what it says; every path it names, from the root. */
export interface Kustomization {
  readonly file: string;
  readonly folder: string;
  readonly resources: readonly string[];
  readonly components: readonly string[];
  readonly patches: readonly string[];
}

/** Those of deploy/ and the one of policies/. */
export function kustomizations(): readonly Kustomization[] {
  const files = [
    ...yamlFiles("deploy").filter((file) => file.endsWith("kustomization.yaml")),
    "policies/Kustomization",
  ];
  return files.map((file) => {
    const folder = join(file, "..");
    const [said = {}] = objectsIn(file);
    const paths = (field: string) => texts(said[field]).map((path) => join(folder, path));
    const patched = list(said["patches"]).flatMap((patch) => (hasPath(patch) ? [join(folder, patch.path)] : []));
    return { file, folder, resources: paths("resources"), components: paths("components"), patches: patched };
  });
}

/** What a path from the root is: kustomize takes a folder only with a kustomization in it. */
export function isKustomizeResource(path: string): boolean {
  const full = join(root, path);
  if (!existsSync(full)) return false;
  if (!statSync(full).isDirectory()) return true;
  return ["kustomization.yaml", "Kustomization"].some((name) => existsSync(join(full, name)));
}

function patches(): ReadonlySet<string> {
  return new Set(kustomizations().flatMap((kustomization) => kustomization.patches));
}

function yamlFiles(folder: string): readonly string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => relative(root, join(root, folder, name)))
    .toSorted();
}

function hasPath(patch: unknown): patch is { readonly path: string } {
  return typeof patch === "object" && patch !== null && "path" in patch && typeof patch.path === "string";
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function texts(value: unknown): readonly string[] {
  return list(value).filter((item) => typeof item === "string");
}
