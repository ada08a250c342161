import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { parseObjects } from "../../src/adapters/files.ts";
import { annotateManifest } from "../../src/commands/annotate-manifest.ts";

const key = "approval.migration-gate.dev/alice";
const first = { document: 1, line: 1, textLines: new Map() };

describe("one line changes, every other byte stays", () => {
  it.each([
    [
      "there are annotations",
      "kind: Job\nmetadata:\n  annotations:\n    team: shop   # ours\n  name: migrate # v42\nspec: {}\n",
      'kind: Job\nmetadata:\n  annotations:\n    team: shop   # ours\n    approval.migration-gate.dev/alice: "x"\n  name: migrate # v42\nspec: {}\n',
    ],
    [
      "there are none",
      "kind: Job\nmetadata:\n    # the name\n    name: migrate # v42\n    labels: {a: b}\nspec:\n  x: [1,   2]\n",
      'kind: Job\nmetadata:\n    # the name\n    name: migrate # v42\n    annotations:\n      approval.migration-gate.dev/alice: "x"\n    labels: {a: b}\nspec:\n  x: [1,   2]\n',
    ],
    [
      "it is there already, unquoted",
      "metadata:\n  annotations:\n    approval.migration-gate.dev/alice: old # keep\n    z: 1\n  name: m\n",
      'metadata:\n  annotations:\n    approval.migration-gate.dev/alice: "x" # keep\n    z: 1\n  name: m\n',
    ],
    [
      "it is there already, quoted and over two lines",
      "metadata:\n  annotations:\n    approval.migration-gate.dev/alice: 'old\n      older'\n  name: m\n",
      'metadata:\n  annotations:\n    approval.migration-gate.dev/alice: "x"\n  name: m\n',
    ],
    [
      "the last annotation is a block of text",
      "metadata:\n  name: m\n  annotations:\n    note: |\n      two\n      lines\nspec: {}\n",
      'metadata:\n  name: m\n  annotations:\n    note: |\n      two\n      lines\n    approval.migration-gate.dev/alice: "x"\nspec: {}\n',
    ],
    [
      "the file ends without a newline",
      "metadata:\n  name: m",
      'metadata:\n  name: m\n  annotations:\n    approval.migration-gate.dev/alice: "x"\n',
    ],
    [
      "lines end as on Windows",
      "metadata:\r\n  name: m\r\nspec: {}\r\n",
      'metadata:\r\n  name: m\r\n  annotations:\r\n    approval.migration-gate.dev/alice: "x"\r\nspec: {}\r\n',
    ],
    [
      "the name is generated",
      "metadata:\n  generateName: m-\n  labels:\n    a: b\n",
      'metadata:\n  generateName: m-\n  annotations:\n    approval.migration-gate.dev/alice: "x"\n  labels:\n    a: b\n',
    ],
  ])("%s", (_, before, after) => {
    expect(annotateManifest(before, first, key, "x")).toBe(after);
  });

  it("in the second document only", () => {
    const text = "# all\nmetadata:\n  name: a\n---\n# second\nmetadata:\n  name: b\n---\nmetadata:\n  name: c\n";
    expect(annotateManifest(text, { document: 2, line: 6 }, key, "x")).toBe(
      text.replace("name: b\n", 'name: b\n  annotations:\n    approval.migration-gate.dev/alice: "x"\n'),
    );
  });

  it("in one item of a List", () => {
    const text = "kind: List\nitems:\n- kind: Job\n  metadata:\n    name: a\n- kind: Job\n  metadata:\n    name: b\n";
    expect(annotateManifest(text, { document: 1, line: 6 }, key, "x")).toBe(
      `${text}    annotations:\n      approval.migration-gate.dev/alice: "x"\n`,
    );
  });
});

describe("in flow style a few letters change, every other byte stays", () => {
  it.each([
    [
      "metadata on one line",
      "metadata: {name: m} # here\n",
      'metadata: {name: m, annotations: {approval.migration-gate.dev/alice: "x"}} # here\n',
    ],
    [
      "annotations on one line",
      "metadata:\n  annotations: { a: b } # here\n",
      'metadata:\n  annotations: { a: b, approval.migration-gate.dev/alice: "x" } # here\n',
    ],
    [
      "an empty map",
      "metadata:\n  annotations: {} # here\n",
      'metadata:\n  annotations: {approval.migration-gate.dev/alice: "x"} # here\n',
    ],
    [
      "nothing at all",
      "metadata:\n  annotations: # here\n  name: m\n",
      'metadata:\n  annotations: {approval.migration-gate.dev/alice: "x"} # here\n  name: m\n',
    ],
    [
      "JSON",
      '{"metadata": {"annotations": {"a": "b"}}}\n',
      '{"metadata": {"annotations": {"a": "b", "approval.migration-gate.dev/alice": "x"}}}\n',
    ],
    [
      "JSON without annotations",
      '{"metadata": {"name": "m"}}\n',
      '{"metadata": {"name": "m", "annotations": {"approval.migration-gate.dev/alice": "x"}}}\n',
    ],
    [
      "JSON that has it",
      '{"metadata": {"annotations": {"approval.migration-gate.dev/alice": "old"}}}\n',
      '{"metadata": {"annotations": {"approval.migration-gate.dev/alice": "x"}}}\n',
    ],
  ])("%s", (_, before, after) => {
    expect(annotateManifest(before, first, key, "x")).toBe(after);
  });
});

it.each([
  ["annotations that stand elsewhere", "a: &a { x: y }\nmetadata:\n  name: m\n  annotations: *a\n", first],
  ["no metadata", "kind: Job\n", first],
  ["no such document", "metadata:\n  name: m\n", { document: 2, line: 1 }],
  ["no object on that line", "metadata:\n  name: m\n", { document: 1, line: 2 }],
  ["YAML that is broken", "metadata:\n  name: m\n  name: n\n", first],
])("is left alone: %s", (_, text, place) => {
  expect(annotateManifest(text, place, key, "x")).toBeNull();
});

const corpus = readdirSync("test/corpus").filter((file) => file.endsWith(".yaml"));

it.each(corpus)("every object of %s takes an annotation, and all that was there stays in its order", (file) => {
  const text = readFileSync(join("test/corpus", file), "utf8");
  const objects = parseObjects(file, text);
  expect(objects.length).toBeGreaterThan(0);
  for (const place of objects) {
    const result = annotateManifest(text, place, key, "x") ?? "";
    expect(insertedInto(text, result)).toContain(`${key}: "x"`);
    const now = parseObjects(file, result).find(
      ({ document, line }) => document === place.document && line === place.line,
    );
    expect(now?.object.metadata.annotations).toEqual({ ...place.object.metadata.annotations, [key]: "x" });
  }
});

/** The one piece that was put in; "" if anything else changed. */
function insertedInto(before: string, after: string): string {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  const tail = before.slice(start);
  return after.endsWith(tail) ? after.slice(start, after.length - tail.length) : "";
}

it("any annotation that a manifest can carry is read again as it was written", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.stringMatching(/^[a-z./-]{1,20}$/), fc.string()),
      fc.string(),
      (annotations, value) => {
        const text = stringify({ kind: "Job", metadata: { name: "m", annotations }, spec: { a: "b" } });
        const result = parse(annotateManifest(text, first, key, value) ?? "");
        expect(result).toEqual({
          ...parse(text),
          metadata: { name: "m", annotations: { ...annotations, [key]: value } },
        });
      },
    ),
  );
});
