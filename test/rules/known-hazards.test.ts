import { describe, expect, test } from "vitest";
import { rules } from "../../src/rules/index.ts";
import { stepFindings } from "../../src/step-findings.ts";
import { knownHazards } from "./known-hazards.ts";

describe("the hazards others know", () => {
  test("are found by rules that exist, and every rule is there for one of them", () => {
    const named = new Set(knownHazards.flatMap((known) => known.rules));
    const exist = [...rules, ...stepFindings].map(({ id }) => id);
    expect([...named].filter((id) => !exist.includes(id))).toEqual([]);
    expect(rules.filter(({ id }) => !named.has(id)).map(({ id }) => id)).toEqual([]);
  });

  test("have rules or a reason", () => {
    for (const { hazard, answer, rules: ids, remark } of knownHazards) {
      expect(ids.length > 0, hazard).toBe(answer === "rules");
      expect(answer === "rules" || remark.length > 10, hazard).toBe(true);
    }
  });

  test("are covered wherever a statement shows them, nine in ten of those that destroy nothing", () => {
    const others = knownHazards.filter(({ kind }) => kind !== "destroys" && kind !== "way back");
    const covered = others.filter(({ answer }) => answer === "rules");
    expect(covered.length / others.length).toBeGreaterThanOrEqual(0.9);
  });
});
