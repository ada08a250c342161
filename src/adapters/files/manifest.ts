import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments } from "yaml";
import type { KubernetesObject } from "../../model/kubernetes.ts";

/** One object of a file: `document` counts from 1, `line` is where the object starts. */
export interface FileObject {
  readonly object: KubernetesObject;
  readonly file: string;
  readonly document: number;
  readonly line: number;
  /** line of the file at which the text of each data key begins, where it is written as a block (`|`) */
  readonly textLines: ReadonlyMap<string, number>;
}

/** A file that cannot be taken as it is: says file, line and what to do. Never quotes content, which may be a Secret's. */
export class FilesError extends Error {
  readonly code = "MG-FILES";
  override readonly name = "FilesError";
}

/** Manifests are read as the API server's tools read them: YAML 1.1 without its dates, clock numbers and language types. */
const dropped = new Set(["timestamp", "binary", "omap", "pairs", "set"].map((name) => `tag:yaml.org,2002:${name}`));
const remedy = "fix it, or give the rendered manifests (kustomize build, helm template)";

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** null: no object. One with generateName has no name yet: it gets "", as in its admission request. */
function asObject(value: unknown): KubernetesObject | null {
  if (!isRecord(value)) return null;
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || !isRecord(metadata)) return null;
  const name = typeof metadata["generateName"] === "string" ? (metadata["name"] ?? "") : metadata["name"];
  return typeof name === "string" ? { ...value, apiVersion, kind, metadata: { ...metadata, name } } : null;
}

/** Client configuration (Kustomize, kind, kubeconfig, …) has apiVersion and kind but no metadata; it makes no file one of manifests. */
function looksLikeManifest(value: unknown): boolean {
  return isRecord(value) && isRecord(value["metadata"]) && ("apiVersion" in value || "kind" in value);
}

type Candidate = Pick<FileObject, "document" | "line" | "textLines"> & { readonly value: unknown };

const fieldOf = (node: unknown, field: string): unknown => (isMap(node) ? node.get(field) : undefined);

/** Nodes of a document that may be objects: `kind: List` is taken apart, a Secret is dropped before its data becomes a value. */
function nodesOf(contents: unknown): readonly unknown[] {
  const items = String(fieldOf(contents, "kind")).endsWith("List") ? fieldOf(contents, "items") : undefined;
  const nodes = isSeq(items) ? items.items : [contents];
  return nodes.filter((node) => node !== null && fieldOf(node, "kind") !== "Secret");
}

function candidates(document: Document.Parsed, index: number, lines: LineCounter): readonly Candidate[] {
  return nodesOf(document.contents).map((node) => ({
    value: isNode(node) ? node.toJS(document) : node,
    document: index,
    line: lines.linePos(isNode(node) ? (node.range?.[0] ?? 0) : 0).line,
    textLines: textLines(fieldOf(node, "data"), lines),
  }));
}

/** A block's text starts on the line after its sign; other ways of writing YAML have no lines that match the text's. */
function textLines(data: unknown, lines: LineCounter): ReadonlyMap<string, number> {
  const pairs = isMap(data) ? data.items : [];
  const blocks = pairs.filter(({ value }) => isScalar(value) && value.type === "BLOCK_LITERAL");
  return new Map(
    blocks.map(({ key, value }) => [
      isScalar(key) ? String(key.value) : "",
      lines.linePos(isNode(value) ? (value.range?.[0] ?? 0) : 0).line + 1,
    ]),
  );
}

/** The objects of one text. Documents of other files (values, workflows) are passed over; in a file of manifests nothing is. */
export function parseObjects(file: string, text: string): readonly FileObject[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    version: "1.1",
    merge: true,
    stringKeys: true,
    prettyErrors: false,
    lineCounter: lines,
    customTags: (tags) =>
      tags.filter((tag) => typeof tag === "string" || !(dropped.has(tag.tag) || tag.format === "TIME")),
  });
  const found: Candidate[] = [];
  for (const [index, document] of [...documents].entries()) {
    const error = document.errors[0] ?? document.warnings[0];
    if (error !== undefined)
      throw new FilesError(`${file}:${lines.linePos(error.pos[0]).line}: not valid YAML (${error.code}): ${remedy}`);
    found.push(...candidates(document, index + 1, lines));
  }
  const isManifest = found.some(({ value }) => looksLikeManifest(value));
  return found.flatMap(({ value, document, line, textLines: texts }) => {
    const object = asObject(value);
    if (object !== null) return [{ object, file, document, line, textLines: texts }];
    if (!isManifest || value === null) return [];
    throw new FilesError(
      `${file}:${line}: document ${document} is no Kubernetes object: it needs apiVersion, kind and metadata.name`,
    );
  });
}
