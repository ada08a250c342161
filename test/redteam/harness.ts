import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createFilesReader } from "../../src/adapters/files.ts";
import { createPreviews } from "../../src/adapters/previews.ts";
import { createSqlWorkers } from "../../src/adapters/sql-workers.ts";
import { requestsOf } from "../../src/commands/requests.ts";
import { createGate } from "../../src/gate/review.ts";
import type { Decision } from "../../src/model/decision.ts";
import type { KubernetesObject } from "../../src/model/kubernetes.ts";
import { readPolicy } from "../../src/policy.ts";

const root = join(import.meta.dirname, "../..");
const file = join(root, "policies/production.yaml");
const policy = readPolicy(readFileSync(file, "utf8"), file);
const exempt = ["kube-system", "flux-system", "cnpg-system", "migration-gate"];

/** The gate as the command line makes it, over `examples/cluster` and the case's own objects. */
export function createRedTeam() {
  const analyzer = createSqlWorkers({ threads: 1, deadlineMs: 20_000, cacheBytes: 1024 * 1024 });
  return {
    close: () => analyzer.close(),
    /** Decisions on the objects of a case, one each, in order. `before`: what stood there, for updates and deletions. */
    async judge(
      objects: readonly KubernetesObject[],
      before: readonly KubernetesObject[] | null = null,
    ): Promise<readonly Decision[]> {
      const extra = objects.map(asFile);
      const seen = [...extra, ...unlabelled.map(asFile)];
      const reader = await createFilesReader([join(root, "examples/cluster")], { extra: seen });
      const gate = createGate({
        ...{ reader, analyzer, previews: createPreviews(), clock: { now: () => new Date("2026-11-24T12:00:00Z") } },
        ...{ policies: () => [policy], offline: false },
        settings: {
          operatorAccounts: ["system:serviceaccount:cnpg-system:cnpg-manager"],
          exemptNamespaces: exempt,
          clusterDomain: "cluster.local",
        },
      });
      const decisions: Decision[] = [];
      for (const { request } of requestsOf(extra, before === null ? null : before.map(asFile))) {
        decisions.push(await gate.judge({ request, failOpen: false }, AbortSignal.timeout(20_000)));
      }
      return decisions;
    },
  };
}

/** Namespaces of the cases that nobody protects; a namespace that is nowhere to be seen would count as enforced. */
const unlabelled = ["other", "default", "shop", "dev"].map((name) => ({
  ...{ apiVersion: "v1", kind: "Namespace" },
  metadata: { name },
}));

function asFile(object: KubernetesObject) {
  return { object, file: "case.yaml", document: 1, line: 1, textLines: new Map() };
}
