import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { rules } from "../../src/rules/index.ts";
import { hitsOf } from "./analysis.ts";

/** Files beside the rules that hold what several of them know. */
const shared = [
  "added-constraints",
  "alterations",
  "catalogue",
  "bookkeeping",
  "children",
  "column-types",
  "constants",
  "definitions",
  "drops",
  "function-calls",
  "grants",
  "index",
  "keys",
  "merge-actions",
  "names",
  "nodes",
  "options",
  "overwrites",
  "paste",
  "proven-not-null",
  "remade",
  "renames",
  "role-options",
  "settings",
  "type-change",
  "upserts",
  "using-expression",
  "weaker",
  "where-reach",
];

const files = readdirSync(new URL("../../src/rules/", import.meta.url)).map((file) => file.replace(/\.ts$/, ""));

describe("the catalogue of rules", () => {
  test("lists every file of its folder that is not shared, once, by id", () => {
    expect(rules.map(({ id }) => id)).toEqual(files.filter((file) => !shared.includes(file)).toSorted());
    expect(files).toEqual(expect.arrayContaining(shared));
  });

  test.each(rules.map((rule) => [rule.id, rule] as const))("%s says what happens and what to do instead", (_, rule) => {
    for (const text of [rule.title, rule.why, rule.instead]) {
      expect(text).toMatch(/^\S.*[^.\s]$/);
      expect(text.length).toBeLessThanOrEqual(160);
      expect(text).not.toMatch(/is immutable|immutable field/);
    }
    expect(rule.why).toMatch(/^[a-z]/);
    expect(rule.bad.length * rule.good.length).toBeGreaterThan(0);
  });

  test.each(rules.flatMap((rule) => rule.bad.map((sql) => [rule.id, sql] as const)))("%s flags %s", (id, sql) => {
    const hits = hitsOf(sql).filter(({ rule }) => rule === id);
    expect(hits).not.toEqual([]);
    for (const { subject, why, instead } of hits) {
      expect(subject).not.toBe("");
      for (const text of [why, instead]) expect(text).toMatch(/^\S.{0,158}[^.\s]$/);
    }
  });

  test.each(rules.flatMap((rule) => rule.good.map((sql) => [rule.id, sql] as const)))("%s passes %s", (id, sql) => {
    expect(hitsOf(sql).map(({ rule }) => rule)).not.toContain(id);
  });
});
