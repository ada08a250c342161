import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Hazard } from "../../src/model/sql.ts";
import { rules } from "../../src/rules/index.ts";
import { type Execution, type Oracle, openOracle } from "../oracle/database.ts";
import { type Losses, lossesBetween } from "../oracle/losses.ts";
import { alterColumnTypeCases } from "./alter-column-type.cases.ts";
import { hitsOf } from "./analysis.ts";
import { notExecutable, notKnowable, refused, refusedInTransaction, renamedOnly } from "./exceptions.ts";
import { claimsIn } from "./lock-claims.ts";
import { madeHereCases } from "./made-here.cases.ts";
import { nestedCases } from "./nested.cases.ts";
import { whereReachCases } from "./where-reach.cases.ts";

/** Kinds of facts that a hazard of this kind must leave changed; `null`: rows and values, compared by themselves. */
const changes: Readonly<Record<Hazard, RegExp | null>> = {
  "data-loss": null,
  "data-change": null,
  recoverability: /^\w+ (object|publication|persistence|replident|replkey|setting) /,
  compatibility:
    /^\w+ (object|column|notnull|constraint|rls|acl|parent|role|member|enum|setting|generated|credential|database) /,
  availability: /^(new lock|changed reloption) /,
  integrity: /^\w+ (object|constraint|trigger|rule|policy|notnull|sequence|setting|generated|routine) /,
  privilege: /^(changed|new) (acl|role|member|rls|routine|credential|mapping) /,
  opaque: /./,
  note: /^\w+ (?!lock)/,
};

let oracle: Oracle | undefined;
beforeAll(async () => {
  oracle = await openOracle();
}, 60_000);
afterAll(() => oracle?.close());

async function execute(sql: string): Promise<Execution> {
  if (oracle === undefined) throw new Error("the oracle is not open");
  return oracle.execute(sql);
}

async function lossesOf(sql: string): Promise<Losses> {
  const execution = await execute(sql);
  if (execution.kind === "failed") throw new Error(`PostgreSQL refuses this case: ${execution.message}`);
  return lossesBetween(execution.before, execution.after);
}

// one file, one database: it takes seconds to start
describe("where a statement stands", () => nestedCases(lossesOf));
describe("objects made in the text", () => madeHereCases(lossesOf));
describe("how far a WHERE reaches", () => whereReachCases(lossesOf));
describe("what a change of type does to values", () => alterColumnTypeCases(execute));

const cases = rules.flatMap((rule) => [
  ...rule.bad.map((sql) => ({ id: rule.id, kind: "flags", sql })),
  ...rule.good.map((sql) => ({ id: rule.id, kind: "passes", sql })),
]);

describe("what the rules say is what PostgreSQL does", () => {
  const executable = cases.filter(({ sql }) => !notExecutable.has(sql) && !refused.has(sql));
  test.each(executable)("$id $kind: $sql", async ({ sql }) => {
    const losses = await lossesOf(sql);
    const hazards = hitsOf(sql).map(({ hazard }) => hazard);
    const said = { sql, hazards, ...losses };
    if (losses.whole.length > 0) expect(hazards, JSON.stringify(said)).toContain("data-loss");
    if (losses.some.length > 0 && !renamedOnly.has(sql))
      expect(hazards.some(isOfData), JSON.stringify(said)).toBe(true);
    if (notKnowable.has(sql)) return;
    for (const hazard of hazards) expect(isProven(hazard, losses), `${hazard}: ${JSON.stringify(said)}`).toBe(true);
  });

  const claiming = executable.filter(({ sql }) => claimsIn(hitsOf(sql)).length > 0);
  test.each(claiming)("$id takes the locks and rewrites that it speaks of: $sql", async ({ sql }) => {
    const { facts } = await lossesOf(sql);
    for (const claim of claimsIn(hitsOf(sql))) expect(facts.join("\n")).toMatch(claim);
  });

  test.each([...refused, ...[...notExecutable].filter(([, reason]) => reason === refusedInTransaction)])(
    "PostgreSQL refuses: %s",
    async (sql, message) => {
      const execution = await execute(sql);
      expect(execution).toEqual({ kind: "failed", message: expect.stringContaining(message) });
    },
  );

  test("every exception is a case of a rule", () => {
    const known = new Set(cases.map(({ sql }) => sql));
    for (const sql of [notExecutable, notKnowable, renamedOnly, refused].flatMap((map) => [...map.keys()]))
      expect(known).toContain(sql);
  });

  test.each([...notKnowable])("stays an exception only while it is one: %s", async (sql) => {
    const losses = await lossesOf(sql);
    expect(hitsOf(sql).some(({ hazard }) => !isProven(hazard, losses))).toBe(true);
  });
});

function isOfData(hazard: Hazard): boolean {
  return hazard === "data-loss" || hazard === "data-change";
}

function isProven(hazard: Hazard, { whole, some, filled, facts }: Losses): boolean {
  if (hazard === "data-loss") return whole.length > 0;
  if (hazard === "data-change") return whole.length + some.length + filled.length > 0;
  return facts.some((fact) => changes[hazard]?.test(fact));
}
