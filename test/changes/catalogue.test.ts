import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { changes } from "../../src/changes/index.ts";
import { hazards } from "../../src/model/sql.ts";

const folder = new URL("../../src/changes/", import.meta.url);
const ids = changes.map(({ id }) => id);

function camelCase(id: string): string {
  return id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** A file of the folder is an item if it exports a change under its own name. */
async function items(): Promise<readonly string[]> {
  const names = readdirSync(folder).map((file) => file.replace(/\.ts$/, ""));
  const modules = await Promise.all(
    names.map(async (name) => [name, await import(`../../src/changes/${name}.ts`)] as const),
  );
  return modules.filter(([name, module]) => module[camelCase(name)]?.id === name).map(([name]) => name);
}

test("the folder, the index and the ids are one list", async () => {
  expect(new Set(ids).size).toBe(ids.length);
  expect(await items()).toEqual([...ids].sort());
});

test("every change has its table of flagged and passing cases", () => {
  const tables = readdirSync(new URL("./", import.meta.url)).map((file) => file.replace(/\.test\.ts$/, ""));
  expect(ids.filter((id) => !tables.includes(id))).toEqual([]);
});

test.each(changes.map((change) => [change.id, change] as const))("%s speaks like the others", (_id, change) => {
  expect(hazards).toContain(change.hazard);
  expect(change.title).toMatch(/^[A-Z].*[^.]$/);
  for (const text of [change.why, change.instead]) {
    expect(text).toMatch(/^[a-z].*[^.]$/);
    // Flux deletes the object on these words (flux.md section 3).
    expect(text).not.toMatch(/is immutable|immutable field/);
  }
  for (const resource of change.resources) expect(resource).toMatch(/^(core|[a-z0-9.]+)\/[a-z]+(\/scale)?$/);
  expect(change.operations.length).toBeGreaterThan(0);
});
