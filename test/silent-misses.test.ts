import { afterAll, describe, expect, it } from "vitest";
import type { Decision } from "../src/model/decision.ts";
import { createRedTeam } from "./redteam/harness.ts";
import { type Attack, clusterChanges, podAttacks, shellAttacks, sqlAttacks } from "./redteam/tables.ts";

const team = createRedTeam();
afterAll(() => team.close());

const answers: Readonly<Record<Decision["decision"], number>> = { allow: 0, warn: 1, deny: 2 };
const strictest = (decisions: readonly Decision[]) =>
  decisions.map(({ decision }) => decision).toSorted((a, b) => answers[b] - answers[a])[0];
const named = (findings: Decision["findings"]) => findings.map(({ rule }) => rule);

/** What destroys, or may destroy, is denied under policies/production.yaml, and the hazard is named. */
describe.each<[string, readonly Attack[]]>([
  ["SQL", sqlAttacks],
  ["a script", shellAttacks],
  ["a Pod", podAttacks],
])("%s that destroys is denied by name", (_, attacks) => {
  it.for(attacks)("%s → %s", async ([, rule, objects]) => {
    const decisions = await team.judge(objects);
    expect(strictest(decisions)).toBe("deny");
    expect(decisions.flatMap(({ priced }) => named(priced))).toContain(rule);
  });
});

describe("a change of a database or its backups is named", () => {
  it.for(clusterChanges)("%s → %s %s", async ([, answer, rule, before, after]) => {
    const [decision] = await team.judge(after === null ? [] : [after], before === null ? null : [before]);
    expect(decision?.decision).toBe(answer);
    expect(named(decision?.findings ?? [])).toContain(rule);
  });
});

it("the tables hold what they promise", () => {
  expect(sqlAttacks.length + shellAttacks.length + podAttacks.length + clusterChanges.length).toBeGreaterThan(1000);
});
