import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createPreviews } from "../../src/adapters/previews.ts";
import { createSqlWorkers, type SqlWorkers } from "../../src/adapters/sql-workers.ts";
import type { KubernetesObject, ReadableKind } from "../../src/model/kubernetes.ts";
import type { Policy } from "../../src/model/policy.ts";
import { readPolicy } from "../../src/policy.ts";
import type { ObjectReader, World } from "../../src/ports.ts";

const folder = join(import.meta.dirname, "../../policies");

/** A policy as it is shipped. */
export function shippedPolicy(name: "develop" | "staging" | "production"): Policy {
  const file = `${name}.yaml`;
  return readPolicy(readFileSync(join(folder, file), "utf8"), `policies/${file}`);
}

const readable: ReadonlySet<string> = new Set<ReadableKind>([
  ...(["ConfigMap", "CronJob", "Job", "Namespace", "PersistentVolumeClaim", "Pod", "ReplicaSet", "Service"] as const),
  ...(["VolumeSnapshot", "Backup", "Cluster", "Database", "DatabaseRole", "ObjectStore", "Pooler"] as const),
]);

/** These objects are the cluster. A kind the gate may not read is an error of the gate, not an empty answer. */
export function readerOf(objects: readonly KubernetesObject[]): ObjectReader {
  const ofKind = (kind: string) => {
    if (!readable.has(kind)) throw new Error(`the gate asked for a ${kind}`);
    return objects.filter((object) => object.kind === kind);
  };
  return {
    get: async (kind, namespace, name) =>
      ofKind(kind).find(({ metadata }) => metadata.name === name && (metadata.namespace ?? "") === namespace) ?? null,
    list: async (kind, namespace) =>
      ofKind(kind).filter(({ metadata }) => namespace === "" || metadata.namespace === namespace),
  };
}

export const operator = "system:serviceaccount:cnpg-system:cnpg-manager";
export const now = new Date("2026-11-24T09:00:00Z");

/** One worker is enough for a test file; it closes it itself. */
export function createAnalyzer(): SqlWorkers {
  return createSqlWorkers({ threads: 1, deadlineMs: 30_000, cacheBytes: 16 * 1024 * 1024 });
}

/** The world as it is in production, but for what a case says. */
export function worldOf(objects: readonly KubernetesObject[], parts: Partial<World> & Pick<World, "analyzer">): World {
  const policies = [shippedPolicy("production"), shippedPolicy("staging"), shippedPolicy("develop")];
  return {
    reader: readerOf(objects),
    previews: createPreviews(),
    clock: { now: () => now },
    policies: () => policies,
    settings: {
      operatorAccounts: [operator],
      exemptNamespaces: ["kube-system", "flux-system", "cnpg-system", "migration-gate"],
      clusterDomain: "cluster.local",
    },
    offline: false,
    ...parts,
  };
}

/** For steps that must not look at any SQL. */
export const noAnalyzer: World["analyzer"] = {
  analyze: () => Promise.reject(new Error("no SQL is to be read in this case")),
};
