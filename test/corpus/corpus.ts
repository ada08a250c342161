import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { type ExtractContext, extract } from "../../src/gate/extract.ts";
import { fields, textOf } from "../../src/model/fields.ts";
import type { KubernetesObject } from "../../src/model/kubernetes.ts";
import type { Run } from "../../src/model/run.ts";
import { sources } from "../../src/sources/index.ts";

const folder = import.meta.dirname;

/** What line 1 of a corpus file says must be seen. */
interface Expectation {
  readonly sql: readonly string[];
  readonly tools: readonly string[];
  readonly opaque: readonly string[];
  readonly destructive: unknown;
  readonly target: string;
}

export interface CorpusFile {
  readonly name: string;
  readonly expect: Expectation;
  readonly objects: readonly KubernetesObject[];
}

/** Manifests in the shapes of real migration Jobs, each with what must be seen in it. */
export function readCorpus(): readonly CorpusFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      const first = text.slice(0, text.indexOf("\n"));
      const expect: Expectation = JSON.parse(first.slice(first.indexOf("{")));
      return { name: name.replace(/\.yaml$/, ""), expect, objects: readObjects(text) };
    });
}

function readObjects(text: string): readonly KubernetesObject[] {
  return parseAllDocuments(text).map((document) => {
    const object = fields(document.toJS());
    const metadata = fields(object["metadata"]);
    return {
      ...object,
      apiVersion: textOf(object["apiVersion"]),
      kind: textOf(object["kind"]),
      metadata: { ...metadata, name: textOf(metadata["name"]), namespace: textOf(metadata["namespace"]) || "default" },
    };
  });
}

/** A context that reads from these objects; a ConfigMap that is not among them is missing. */
export function contextOf(objects: readonly KubernetesObject[], given: Partial<ExtractContext> = {}): ExtractContext {
  return {
    images: [],
    unknownWorkloads: "ignore",
    clusters: objects.filter(({ kind }) => kind === "Cluster"),
    readConfigMap: async (name) => {
      const object = objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === name) ?? null;
      return { object, found: object === null ? "missing" : "live" };
    },
    ...given,
  };
}

/** The runs of all carriers among the objects. */
export async function runsOf(
  objects: readonly KubernetesObject[],
  given: Partial<ExtractContext> = {},
): Promise<readonly Run[]> {
  const carriers = objects.flatMap((object) => {
    const source = sources.find(({ title }) => title === object.kind);
    return source === undefined || source.id === "config-map" ? [] : [{ object, source }];
  });
  return Promise.all(carriers.map(({ object, source }) => extract(object, source.id, contextOf(objects, given))));
}
