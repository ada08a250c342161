import { defineConfig } from "vitest/config";

/** The scenarios. Most share one cluster and wait more than they work, so they run beside each other. */
export default defineConfig({
  test: {
    include: ["test/cluster/scenarios/*.test.ts"],
    globalSetup: ["test/cluster/setup.ts"],
    pool: "forks",
    maxWorkers: 4,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
