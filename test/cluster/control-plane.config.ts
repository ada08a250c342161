import { defineConfig } from "vitest/config";

/** The scenarios that need no node: each file starts a control plane of its own and the gate beside it. */
export default defineConfig({
  test: {
    include: ["test/cluster/scenarios/{13,14,15}-*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
