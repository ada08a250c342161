import { expect, it } from "vitest";
import { policySchema } from "../src/policy/schema.ts";

it("policies/policy.schema.json is the print of the schema that the gate checks by", async () => {
  await expect(`${print(policySchema, "", 0)}\n`).toMatchFileSnapshot("../policies/policy.schema.json");
});

/** JSON as the formatter of this repository writes it: lists on one line where they fit in 120 columns. */
function print(value: unknown, indent: string, column: number): string {
  const flat = JSON.stringify(value).replaceAll('","', '", "');
  if (typeof value !== "object" || value === null || flat === "[]" || flat === "{}") return flat;
  const isFlat = Array.isArray(value) && value.every((item) => typeof item !== "object");
  if (isFlat && column + flat.length + 1 <= 120) return flat;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item) => `${inner}${print(item, inner, inner.length)}`)
    : Object.entries(value).map(([key, item]) => {
        const name = `${inner}${JSON.stringify(key)}: `;
        return `${name}${print(item, inner, name.length)}`;
      });
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}
