import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFilesReader, FilesError, parseObjects, readObjects } from "../../src/adapters/files.ts";

const signal = new AbortController().signal;
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "files-reader-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

const configMap = (name: string, namespace = "shop", value = "SELECT 1") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: ${namespace}}\ndata: {up.sql: "${value}"}\n`;

function caught(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("nothing was thrown");
}

describe("createFilesReader", () => {
  it("reads a folder with all below it: several documents, lists and JSON", async () => {
    await write("a/one.yaml", `# a comment\n${configMap("one")}---\n${configMap("two")}`);
    await write(
      "b.json",
      `{\n\t"apiVersion": "v1", "kind": "ConfigMap",\n\t"metadata": {"name": "three", "namespace": "shop"}}`,
    );
    await write(
      "c.yml",
      `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: four, namespace: other}\n`,
    );
    await write("notes.md", "apiVersion: v1");
    const reader = await createFilesReader([folder]);
    expect(reader.objects().map(({ object, document, line }) => [object.metadata.name, document, line])).toEqual([
      ["one", 1, 2],
      ["two", 2, 7],
      ["three", 1, 1],
      ["four", 1, 4],
    ]);
    const names = async (namespace: string) =>
      (await reader.list("ConfigMap", namespace, signal)).map((object) => object.metadata.name);
    expect(await names("shop")).toEqual(["one", "two", "three"]);
    expect(await names("")).toEqual(["one", "two", "three", "four"]);
    expect((await reader.get("ConfigMap", "other", "four", signal))?.metadata.namespace).toBe("other");
    expect(await reader.get("ConfigMap", "shop", "four", signal)).toBeNull();
  });

  it("drops a Secret at reading, by itself and in a list", async () => {
    const secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter2}\n";
    await write("secret.yaml", `${secret}---\n${configMap("one")}`);
    await write("list.yaml", `apiVersion: v1\nkind: List\nitems:\n- ${secret.trimEnd().replaceAll("\n", "\n  ")}\n`);
    const reader = await createFilesReader([folder]);
    expect(reader.objects()).toHaveLength(1);
    expect(JSON.stringify(reader.objects())).not.toContain("hunter2");
  });

  it("takes the last of two objects with one name, in the order given", async () => {
    const first = await write("z.yaml", configMap("one", "shop", "first"));
    const second = await write("a.yaml", configMap("one", "shop", "second"));
    const data = async (paths: readonly string[]) =>
      (await (await createFilesReader(paths)).get("ConfigMap", "shop", "one", signal))?.["data"];
    expect(await data([first, second])).toEqual({ "up.sql": "second" });
    expect(await data([second, first])).toEqual({ "up.sql": "first" });
  });

  it("puts an object without a namespace into the default one, a Namespace into none", async () => {
    await write(
      "x.yaml",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n",
    );
    const reader = await createFilesReader([folder], { defaultNamespace: "shop" });
    expect((await reader.get("Pod", "shop", "p", signal))?.metadata.namespace).toBe("shop");
    expect((await reader.get("Namespace", "", "shop", signal))?.metadata.name).toBe("shop");
  });

  it("does not take another group's Backup, Cluster or Service for CloudNativePG's or the core's", async () => {
    await write(
      "x.yaml",
      ["velero.io/v1 Backup", "cluster.x-k8s.io/v1 Cluster", "serving.knative.dev/v1 Service"]
        .map((line) => line.split(" "))
        .map(([apiVersion, kind]) => `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x, namespace: shop}\n`)
        .join("---\n"),
    );
    const reader = await createFilesReader([folder]);
    expect(reader.objects()).toHaveLength(3);
    expect(await reader.list("Backup", "", signal)).toEqual([]);
    expect(await reader.list("Cluster", "", signal)).toEqual([]);
    expect(await reader.list("Service", "", signal)).toEqual([]);
  });

  it("sees an edit within 50 ms when live, and keeps the first reading when not", async () => {
    const path = await write("a.yaml", configMap("one"));
    const live = await createFilesReader([folder], { live: true });
    const still = await createFilesReader([folder]);
    await writeFile(path, configMap("renamed"));
    await setTimeout(60);
    expect((await live.list("ConfigMap", "shop", signal)).map((object) => object.metadata.name)).toEqual(["renamed"]);
    expect((await still.list("ConfigMap", "shop", signal)).map((object) => object.metadata.name)).toEqual(["one"]);
    await writeFile(path, "a: [");
    await setTimeout(60);
    await expect(live.list("ConfigMap", "shop", signal)).rejects.toThrow(FilesError);
  });

  it("puts what was read elsewhere behind the files", async () => {
    await write("a.yaml", configMap("one", "shop", "file"));
    const extra = parseObjects("standard input", configMap("one", "shop", "stdin"));
    for (const paths of [[folder], []]) {
      const reader = await createFilesReader(paths, { extra });
      expect((await reader.get("ConfigMap", "shop", "one", signal))?.["data"]).toEqual({ "up.sql": "stdin" });
    }
  });

  it("stops when the question was given up", async () => {
    const reader = await createFilesReader([folder]);
    await expect(reader.list("Pod", "", AbortSignal.abort())).rejects.toThrow();
  });

  it("reads a few hundred files", async () => {
    for (let index = 0; index < 300; index++)
      await write(`app-${index}/job.yaml`, `${configMap(`m${index}`)}---\n`.repeat(4));
    const reader = await createFilesReader([folder]);
    expect(reader.objects()).toHaveLength(1200);
  });
});

describe("parseObjects", () => {
  const refused: readonly (readonly [string, string, string])[] = [
    ["malformed YAML", "a: 1\nb: [\n", "x.yaml:3: not valid YAML (BAD_INDENT): fix it, or give the rendered manifests"],
    ["an unrendered template", `${configMap("a")}---\nx: {{ .Values.password }}\n`, "x.yaml:6: not valid YAML"],
    ["a type that only YAML libraries know", "apiVersion: v1\nkind: !!binary eA==\n", "x.yaml:2: not valid YAML"],
    ["a manifest without a name", "apiVersion: v1\nkind: Pod\nmetadata: {}\n", "x.yaml:1: document 1 is no Kubernetes"],
    ["a manifest without kind", "apiVersion: v1\nmetadata: {name: a}\n", "x.yaml:1: document 1 is no Kubernetes"],
    [
      "another document among manifests",
      `${configMap("a")}---\ndata: {up.sql: DROP TABLE t}\n`,
      "x.yaml:6: document 2 is no Kubernetes",
    ],
  ];
  it.each(refused)("refuses %s, by file, line and remedy", (_, text, message) => {
    expect(() => parseObjects("x.yaml", text)).toThrow(FilesError);
    expect(() => parseObjects("x.yaml", text)).toThrow(message);
  });

  it("never quotes content in an error: it may be a Secret's", () => {
    const text = "apiVersion: v1\nkind: Secret\ndata: {password: hunter2\nother: hunter2\n";
    const error = caught(() => parseObjects("x.yaml", text));
    expect(error).toBeInstanceOf(FilesError);
    expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toContain("hunter2");
  });

  const ignored: readonly (readonly [string, string])[] = [
    ["an empty file", ""],
    ["comments only", "# nothing\n---\n# more\n"],
    ["Helm values", "image: {tag: 1}\nreplicas: 2\n"],
    ["a workflow", "name: ci\non: [push]\njobs: {}\n"],
    ["a Kustomize file", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n"],
    ["a Kustomize file that leaves its kind out", "resources: [a.yaml]\n"],
    ["a client's configuration", "apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\nnodes: []\n"],
    ["an admission review", '{"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {}}'],
    ["a plain list", "- a\n- b\n"],
  ];
  it.each(ignored)("passes over %s", (_, text) => {
    expect(parseObjects("x.yaml", text)).toEqual([]);
  });

  it("reads values as the API server's tools do: octal modes, times as text, aliases and merges", () => {
    const text =
      "apiVersion: v1\nkind: Pod\nmetadata: {name: a, creationTimestamp: 2026-11-24T08:44:05Z}\nx: &x {mode: 0644}\ny: {<<: *x, at: 22:30, on: yes}\n";
    const object = parseObjects("x.yaml", text)[0]?.object;
    expect(object?.metadata.creationTimestamp).toBe("2026-11-24T08:44:05Z");
    expect(object?.["y"]).toEqual({ mode: 420, at: "22:30", on: true });
  });

  it("gives an object with generateName the empty name", () => {
    const text = "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: migrate-}\n";
    expect(parseObjects("x.yaml", text)[0]?.object.metadata).toEqual({ generateName: "migrate-", name: "" });
  });
});

describe("readObjects", () => {
  it("takes the given text for -", async () => {
    const objects = await readObjects("-", configMap("one"));
    expect(objects.map(({ object, file }) => [object.metadata.name, file])).toEqual([["one", "standard input"]]);
  });

  it("says which path does not exist", async () => {
    await expect(readObjects(join(folder, "gone"))).rejects.toThrow(/gone: cannot be read: give a file or folder/);
  });
});
