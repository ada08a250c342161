import { expect, test } from "vitest";
import { parseQuantity } from "../../src/changes/quantity.ts";

test.each([
  ["10Gi", "10737418240000Mi", "less"],
  ["1Gi", "1073741824", "equal"],
  ["1Gi", "1G", "more"],
  ["1.5Gi", "1536Mi", "equal"],
  ["1e3", "1k", "equal"],
  ["1E3", "1000", "equal"],
  ["1E", "1000P", "equal"],
  ["1Ei", "1E", "more"],
  ["500m", "0.5", "equal"],
  [".5Gi", "512Mi", "equal"],
  ["5.", "5", "equal"],
  ["-1Gi", "0", "less"],
  ["100n", "1u", "less"],
  ["12345678901234567890", "12345678901234567891", "less"],
])("%s against %s: %s", (left, right, expected) => {
  const [a, b] = [parseQuantity(left), parseQuantity(right)];
  if (a === null || b === null) throw new Error("both are quantities");
  expect(a < b ? "less" : a > b ? "more" : "equal").toBe(expected);
});

test.each(["", "Gi", "10 Gi", "10gi", "ten", "1e", "1e3Gi", "0x10", "1e999", "1".repeat(65), "10GiB"])(
  "%j is no quantity",
  (text) => {
    expect(parseQuantity(text)).toBeNull();
  },
);
