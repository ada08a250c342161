import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Hazard } from "../../src/model/sql.ts";
import { createRedTeam } from "../redteam/harness.ts";
import { client, configMap, connection, job } from "../redteam/manifests.ts";

const folder = join(import.meta.dirname, "daily-life");
const team = createRedTeam();
afterAll(() => team.close());

/** Name, files in the order they run, what policies/production.yaml answers, and what is found. Locks, rewrites and notes only where the row says so. */
type Row = readonly [
  name: string,
  files: readonly string[],
  answer: "passes" | "deny",
  found: readonly `${string} ${Hazard}`[],
];

const rows: readonly Row[] = [
  ["Prisma's enum swap rewrites the table", ["prisma-enum-swap"], "passes", ["rewrite-column-type availability"]],
  ["Prisma's foreign key, dropped and added", ["prisma-foreign-key"], "passes", []],
  [
    "the same, and what it was is in sight",
    ["prisma-first-foreign-key", "prisma-foreign-key"],
    "passes",
    ["weakened-foreign-key integrity"],
  ],
  ["Drizzle's breakpoints and duplicate_object", ["drizzle"], "passes", []],
  ["Rails' NOT NULL by way of a constraint", ["rails-not-null"], "passes", []],
  ["the same in two migrations", ["rails-not-null-1", "rails-not-null-2"], "passes", []],
  ["Alembic's history", ["alembic"], "passes", []],
  ["Alembic's history emptied", ["alembic-table-emptied"], "deny", ["delete-without-where data-loss"]],
  ["a column called like Alembic's in another table", ["history-lookalike"], "deny", ["update data-change"]],
  ["Rails' history", ["rails-history"], "passes", []],
  ["Flyway's history", ["flyway-history"], "passes", []],
  ["Flyway's history rewritten", ["flyway-checksum"], "deny", ["update data-change"]],
  ["EF Core's history", ["ef-history"], "passes", []],
  ["EF Core's idempotent script: one pending migration", ["ef-idempotent"], "passes", []],
  ["the same that drops what an older one made", ["ef-idempotent-drop"], "deny", ["drop-table data-loss"]],
  ["Flyway's repeatable views and triggers", ["flyway-repeatable"], "passes", []],
  ["a view made again with fewer columns", ["view-narrowed-1", "view-narrowed-2"], "deny", ["drop-view compatibility"]],
  ["wider types, and text", ["widening-1", "widening-2"], "passes", []],
  ["seeds that skip what is there, sequences set to the greatest id", ["seeds"], "passes", []],
  [
    "seeds written over what is there, one row by its key",
    ["seeds-updated"],
    "passes",
    ["seed-upsert data-change", "update-by-key data-change"],
  ],
  ["pg_dump's plain format", ["pg-dump"], "passes", []],
  ["extensions and rights to read", ["extension-and-grant"], "passes", []],
  ["audit triggers whose functions are in an earlier file", ["audit-1", "audit-2"], "passes", []],
  ["a trigger whose function is nowhere", ["trigger-out-of-sight"], "passes", ["unseen-trigger-function opaque"]],
  ["a soft delete of all rows", ["soft-delete"], "deny", ["update data-change"]],
  ["a table renamed behind a view", ["renamed-behind-a-view"], "passes", []],
  ["a rehearsal that is rolled back", ["dry-run"], "passes", []],
];

function jobOf(names: readonly string[]) {
  const files = names.map((name) => [`${name}.sql`, readFileSync(join(folder, `${name}.sql`), "utf8")] as const);
  const command = ["psql", "-v", "ON_ERROR_STOP=1", ...files.flatMap(([name]) => ["-f", `/sql/${name}`])];
  const volumeMounts = [{ name: "sql", mountPath: "/sql" }];
  const main = { name: "m", image: client, command, env: connection, volumeMounts };
  const volumes = [{ name: "sql", configMap: { name: "sql" } }];
  return [job([main], { volumes }), configMap("sql", Object.fromEntries(files))];
}

describe("what migration tools write every day", () => {
  it.for(rows)("%s", async ([, names, answer, found]) => {
    const [decision] = await team.judge(jobOf(names));
    const said = (decision?.findings ?? []).map(({ rule, hazard }) => `${rule} ${hazard}`);
    const expected = new Set<string>(found);
    const counted = said.filter((finding) => expected.has(finding) || !/ (availability|note)$/.test(finding));
    expect([...new Set(counted)].toSorted()).toEqual([...found].toSorted());
    expect(decision?.decision === "deny" ? "deny" : "passes").toBe(answer);
  });

  it("every file is in a row", () => {
    const used = rows.flatMap(([, files]) => files.map((file) => `${file}.sql`));
    expect(readdirSync(folder).toSorted()).toEqual([...new Set(used)].toSorted());
  });
});
