import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listMetrics } from "../../src/adapters/metrics.ts";
import { listSettings } from "../../src/config.ts";
import { denialCodes } from "../../src/gate/denial-codes.ts";
import { objectsIn, objectsOf } from "./objects.ts";
import { createSchemas } from "./schemas.ts";

const read = (page: string) => readFileSync(join(import.meta.dirname, "../..", page), "utf8");
const operations = read("docs/operations.md");
const install = read("docs/install.md");

describe("the runbook", () => {
  it("has every code", () => {
    expect(denialCodes.map(({ code }) => code).filter((code) => !operations.includes(`\n### ${code}\n`))).toEqual([]);
  });

  it("has every alert, and a place for each to lead to", () => {
    const rule = JSON.stringify(objectsIn("deploy/monitoring/prometheus-rule.yaml"));
    const alerts = [...rule.matchAll(/"alert":"(\w+)"/g)].map(([, name = ""]) => name);
    expect(alerts.length).toBeGreaterThan(5);
    expect(alerts.filter((name) => !operations.includes(`| ${name} |`))).toEqual([]);
    const places = [...rule.matchAll(/docs\/operations\.md#([\w-]+)/g)].map(([, anchor = ""]) => anchor);
    expect(places.filter((anchor) => !anchorsOf(operations).has(anchor))).toEqual([]);
  });

  it("leads nowhere that is not there", () => {
    const pages = { "install.md": install, "": operations };
    for (const [page, text] of Object.entries(pages)) {
      const links = [...operations.matchAll(/\]\(([\w.-]*)#([\w-]+)\)/g)].filter(([, target]) => target === page);
      expect(links.map(([, , anchor = ""]) => anchor).filter((anchor) => !anchorsOf(text).has(anchor))).toEqual([]);
    }
  });
});

describe("install and operations", () => {
  it("name settings and metrics that exist", () => {
    const text = `${install}\n${operations}`;
    const settings = new Set(listSettings().map(({ environment }) => environment));
    expect((text.match(/GATE_[A-Z_]+/g) ?? []).filter((name) => !settings.has(name))).toEqual([]);
    const metrics = new Set(listMetrics().map(({ name }) => name));
    expect((text.match(/migration_gate_[a-z_]+/g) ?? []).filter((name) => !metrics.has(name))).toEqual([]);
  });

  it("show objects that fit their schemas", () => {
    const blocks = [...install.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
    const objects = blocks.flatMap((block) => objectsOf(block, "docs/install.md"));
    expect(objects.length).toBeGreaterThan(3);
    expect(objects.flatMap((object) => createSchemas().problemsOf(object))).toEqual([]);
  });
});

/** As GitHub makes them. */
function anchorsOf(page: string): ReadonlySet<string> {
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    ),
  );
}
