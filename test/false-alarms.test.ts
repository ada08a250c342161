import { afterAll, describe, expect, it } from "vitest";
import { createRedTeam } from "./redteam/harness.ts";
import { type Ordinary, ordinarySql, ordinaryWorkloads } from "./redteam/tables.ts";

const team = createRedTeam();
afterAll(() => team.close());

/** What loses nothing is allowed, or at most warned of, under policies/production.yaml. */
describe.each<[string, readonly Ordinary[]]>([
  ["a migration that loses nothing", ordinarySql],
  ["an ordinary workload", ordinaryWorkloads],
])("%s is not denied", (_, cases) => {
  it.for(cases)("%s", async ([, objects]) => {
    const decisions = await team.judge(objects);
    const denied = decisions.filter(({ decision }) => decision === "deny");
    expect(denied.map(({ findings }) => findings.map(({ rule, statement }) => `${rule}: ${statement}`))).toEqual([]);
  });
});

it("the tables hold what they promise", () => {
  expect(ordinarySql.length).toBeGreaterThan(100);
  expect(ordinaryWorkloads.length).toBeGreaterThan(80);
});
