import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const pages = ["README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/install.md", "docs/operations.md"];

describe("the README", () => {
  it("shows a denial as the gate prints it", () => {
    const printed = readFileSync(join(root, "examples/drop-column/answer.txt"), "utf8");
    const denial = printed.split("\n\n")[0]?.split("\n").slice(1).join("\n") ?? "";
    expect(denial).toMatch(/^denied \[MG-DENIED\]/);
    expect(readFileSync(join(root, "README.md"), "utf8")).toContain(denial);
  });
});

describe("links", () => {
  it.for(pages)("of %s lead somewhere", (page) => {
    const text = readFileSync(join(root, page), "utf8");
    const targets = [...text.matchAll(/\]\(([^)#]+?)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? "");
    const local = targets.filter((target) => !target.includes("://"));
    expect(local.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([]);
  });
});
