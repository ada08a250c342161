import { defineConfig } from "vitest/config";

const folder = "test/cluster/scenarios";
const ownControlPlane = [`${folder}/{13,14,15}-*.test.ts`, "test/cluster/sandbox/*.test.ts"];
const alone = [`${folder}/11-*.test.ts`];
const ownCluster = [`${folder}/12-*.test.ts`];
const shared = { globalSetup: ["test/cluster/setup.ts"], maxWorkers: 4 };
const patience = { testTimeout: 300_000, hookTimeout: 300_000 };

/**
 * Most scenarios share one cluster and wait more than they work, so they run beside each other, and beside those that need no
 * node at all. Then the ones in which the gate is away or changed, and last the one that begins with an empty cluster.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...{ name: "shared cluster", include: [`${folder}/*.test.ts`], ...shared, ...patience },
          exclude: [...ownControlPlane, ...alone, ...ownCluster],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...{ name: "control plane", include: ownControlPlane, maxWorkers: 4, ...patience },
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...{ name: "gate away", include: alone, ...shared, maxWorkers: 1, ...patience },
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...{ name: "from nothing", include: ownCluster, maxWorkers: 1, ...patience },
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
