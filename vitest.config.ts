import { defineConfig } from "vitest/config";

// biome-ignore lint/style/noDefaultExport: vitest reads a default export
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/cluster/**"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
