import { isDeepStrictEqual } from "node:util";
import { type Document, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments, type YAMLMap } from "yaml";

/** Where an object stands in its file: both count from 1, the line is that of the object's first key. */
export interface ManifestPlace {
  readonly document: number;
  readonly line: number;
}

/**
 * Sets one annotation of one object in a manifest's text and leaves every other byte alone, so that a reviewer sees
 * exactly one line more. null: that cannot be done here (annotations behind an alias, broken YAML).
 */
export function annotateManifest(text: string, place: ManifestPlace, key: string, value: string): string | null {
  const wanted = parse(text);
  const object = objectAt(wanted, place);
  const metadata: unknown = object?.get("metadata");
  if (!isMap(metadata)) return null;
  const result = spliced(text, metadata, key, value);
  // the text was put together by position: what it means is held against what the document's own interface makes of it
  if (result === null || !setAnnotation(metadata, wanted.documents[place.document - 1], key, value)) return null;
  return sameContent(parse(result), wanted) ? result : null;
}

interface Parsed {
  readonly documents: readonly Document.Parsed[];
  readonly lines: LineCounter;
}

function parse(text: string): Parsed {
  const lines = new LineCounter();
  return { documents: [...parseAllDocuments(text, { lineCounter: lines, prettyErrors: false })], lines };
}

function sameContent(one: Parsed, other: Parsed): boolean {
  if (one.documents.some(({ errors }) => errors.length > 0)) return false;
  const values = ({ documents }: Parsed) => documents.map((document): unknown => document.toJS());
  return isDeepStrictEqual(values(one), values(other));
}

/** The document's own map, or the item of a `kind: List` that starts on the line. */
function objectAt({ documents, lines }: Parsed, { document: number, line }: ManifestPlace): YAMLMap | null {
  const document = documents[number - 1];
  if (document === undefined || document.errors.length > 0) return null;
  const items: unknown = isMap(document.contents) ? document.contents.get("items") : undefined;
  const candidates: readonly unknown[] = [document.contents, ...(isSeq(items) ? items.items : [])];
  const isHere = (node: unknown): node is YAMLMap => isMap(node) && lines.linePos(node.range?.[0] ?? 0).line === line;
  return candidates.filter(isHere).at(-1) ?? null;
}

function setAnnotation(metadata: YAMLMap, document: Document | undefined, key: string, value: string): boolean {
  const annotations: unknown = metadata.get("annotations");
  if (document === undefined) return false;
  if (isMap(annotations)) annotations.set(key, value);
  else metadata.set("annotations", document.createNode({ [key]: value }));
  return true;
}

function spliced(text: string, metadata: YAMLMap, key: string, value: string): string | null {
  // JSON wants its keys in quotes, and then so do its neighbours
  const quotes = text[startOf(metadata.items[0]?.key) ?? -1] === '"';
  const written = (word: string) => (quotes ? JSON.stringify(word) : word);
  const line = `${written(key)}: ${JSON.stringify(value)}`;
  const annotations: unknown = metadata.get("annotations", true);
  if (annotations === undefined) {
    const block = [`${written("annotations")}:`, `  ${line}`];
    return added(text, metadata, named(metadata), metadata.flow === true ? [`${block[0]} {${line}}`] : block);
  }
  if (isScalar(annotations) && annotations.value === null) return replaced(text, annotations, `{${line}}`);
  if (!isMap(annotations)) return null;
  const known: unknown = annotations.get(key, true);
  if (isScalar(known)) return replaced(text, known, JSON.stringify(value));
  return added(text, annotations, annotations.items.at(-1), [line]);
}

type Pair = YAMLMap["items"][number];

/** Annotations are looked for below the name. */
function named(metadata: YAMLMap): Pair | undefined {
  const isNamed = ({ key }: Pair) => isScalar(key) && (key.value === "name" || key.value === "generateName");
  return metadata.items.findLast(isNamed) ?? metadata.items.at(-1);
}

function replaced(text: string, node: unknown, word: string): string | null {
  const [start, end] = [startOf(node), endOf(node)];
  if (start === null || end === null) return null;
  // an empty value may touch the colon before it or the comment after it
  const [before, after] = [text[start - 1] === ":" ? " " : "", text[end] === "#" ? " " : ""];
  return `${text.slice(0, start)}${before}${word}${after}${text.slice(end)}`;
}

function added(text: string, map: YAMLMap, pair: Pair | undefined, lines: readonly string[]): string | null {
  const [start, end] = [startOf(pair?.key), endOf(pair?.value)];
  if (map.flow === true) {
    const at = end ?? (startOf(map) ?? 0) + 1;
    return `${text.slice(0, at)}${end === null ? "" : ", "}${lines.join(" ")}${text.slice(at)}`;
  }
  return start === null || end === null ? null : linesAfter(text, start, end, lines);
}

/** New lines below a pair, in its column; a comment at the end of the pair's line stays there. */
function linesAfter(text: string, start: number, end: number, lines: readonly string[]): string {
  const indent = " ".repeat(start - (text.lastIndexOf("\n", start - 1) + 1));
  const newline = text[end - 1] === "\n" ? end - 1 : text.indexOf("\n", end);
  const at = newline === -1 ? text.length : newline + 1;
  const eol = text[newline - 1] === "\r" ? "\r\n" : "\n";
  const before = newline === -1 ? `${text}${eol}` : text.slice(0, at);
  return `${before}${lines.map((line) => `${indent}${line}${eol}`).join("")}${text.slice(at)}`;
}

function startOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}

function endOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[1] ?? null) : null;
}
