import { field, type Manifest } from "../../deploy/objects.ts";
import type { Client } from "../client.ts";
import { until } from "../sandbox/until.ts";
import type { Database as Witness } from "../witnesses/database.ts";
import { type Database, recoveryOf } from "./databases.ts";

/**
 * The moment that a Job was made, as a recovery's target: its first statement came after it, because the API server writes
 * whole seconds and cuts the rest off. Throws when there is no Job.
 */
export function momentBefore(job: Manifest | undefined): string {
  const created = new Date(String(field(job, "metadata", "creationTimestamp")));
  return created.toISOString().replace("T", " ").replace(".000Z", ".000000+00");
}

/**
 * Has everything archived that was written until now, and waits for it: a recovery that finds no commit behind its target
 * does not know that it has arrived, and fails.
 */
export async function archiveAll(database: Witness): Promise<void> {
  const [[segment = ""] = []] = await database.query(
    "SELECT pg_walfile_name(pg_current_wal_lsn()); SELECT pg_switch_wal()",
  );
  await until(
    `${segment} is archived`,
    async () => {
      const [[last = ""] = []] = await database.query("SELECT last_archived_wal FROM pg_stat_archiver");
      return last >= segment ? last : undefined;
    },
    120,
  );
}

/** Applies a recovery Cluster and waits until CloudNativePG calls it healthy; gives how long that took. */
export async function recover(
  client: Client,
  database: Database,
  from: { readonly cluster: string; readonly targetTime: string },
): Promise<number> {
  const { namespace, name } = database;
  const start = performance.now();
  await client.apply([recoveryOf(database, from)]);
  const isHealthy = async () => {
    const cluster = await client.read("postgresql.cnpg.io/v1", "Cluster", namespace, name);
    const phase = field(cluster, "status", "phase");
    if (phase !== "Cluster in healthy state") throw new Error(`it is "${phase}"`);
    return true;
  };
  await until(`${namespace}/${name} is healthy`, isHealthy, 480);
  return (performance.now() - start) / 1000;
}
