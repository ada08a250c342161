import { expect, test } from "vitest";
import { fieldHit } from "../../src/changes/hits.ts";
import { cluster } from "./requests.ts";

test.each([
  ["line breaks and control characters become spaces", "a\nMG-DENIED\r\n\u001b[31mb", "x not set → a MG-DENIED [31mb"],
  ["what is long is cut", "n".repeat(300), `x not set → ${"n".repeat(80)}…`],
  ["nothing reads as not set", null, "x not set → not set"],
])("%s", (_name, to, display) => {
  const hit = fieldHit(cluster(), "app-postgres", "x", null, to);
  expect(hit.display).toBe(display);
  expect(hit.difference).toEqual({ x: { from: null, to } });
});
