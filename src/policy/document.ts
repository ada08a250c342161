import { type Document, isAlias, isMap, isNode, isPair, isScalar, LineCounter, parseAllDocuments, visit } from "yaml";
import type { PolicyProblem } from "./problem.ts";

/** A policy file as plain data, and the line each field stands on. */
export interface PolicyDocument {
  readonly value: unknown;
  /** line of a field, counted from 1; of the nearest field around it if it is not there */
  lineOf(path: FieldPath): number;
}

export type FieldPath = readonly (string | number)[];

/** YAML text → data, or everything that keeps it from being one plain document. */
export function parsePolicyDocument(text: string): PolicyDocument | { readonly problems: readonly PolicyProblem[] } {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [document, second] = [...documents];
  if (document === undefined) return { problems: [{ line: 1, text: "the file is empty" }] };
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const problems = [...yamlProblems(document, lineAt), ...aliasProblems(document, lineAt)];
  if (second !== undefined) {
    problems.push({ line: lineAt(second.range[0]), text: "a second document: one policy, one file" });
  }
  if (problems.length > 0) return { problems };
  return { value: document.toJS(), lineOf: (path) => lineAt(offsetOf(document, path)) };
}

function yamlProblems(document: Document.Parsed, lineAt: (offset: number) => number): PolicyProblem[] {
  return [...document.errors, ...document.warnings].map((error) => ({
    line: lineAt(error.pos[0]),
    text: error.code === "DUPLICATE_KEY" ? "a key is written twice" : `not valid YAML: ${error.message}`,
  }));
}

/** Anchors let one line change another far away; what a policy costs must be read where it stands. */
function aliasProblems(document: Document.Parsed, lineAt: (offset: number) => number): readonly PolicyProblem[] {
  const found: PolicyProblem[] = [];
  visit(document, {
    Node(_, node) {
      if (!isAlias(node) && node.anchor === undefined) return;
      found.push({ line: lineAt(node.range?.[0] ?? 0), text: "YAML anchors and aliases are not read in a policy" });
    },
  });
  return found;
}

function offsetOf(document: Document.Parsed, path: FieldPath): number {
  let offset = document.contents?.range?.[0] ?? 0;
  for (let depth = 1; depth <= path.length; depth++) {
    const found = fieldOffset(document, path.slice(0, depth));
    if (found === undefined) return offset;
    offset = found;
  }
  return offset;
}

/** A field stands where its key does: its value may begin a line later. */
function fieldOffset(document: Document.Parsed, path: FieldPath): number | undefined {
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) {
    const item: unknown = document.getIn(path, true);
    return isNode(item) ? item.range?.[0] : undefined;
  }
  const key = String(path.at(-1));
  const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key);
  return pair !== undefined && isScalar(pair.key) ? pair.key.range?.[0] : undefined;
}
