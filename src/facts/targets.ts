import type { LocateFacts } from "../model/run.ts";
import type { World } from "../ports.ts";

/** All that says which Cluster a host or a Secret's name belongs to. Throws ReadError when the cluster cannot be asked. */
export async function readLocateFacts(world: World, signal: AbortSignal): Promise<LocateFacts> {
  const { reader, settings } = world;
  const [clusters, poolers, databases, databaseRoles, services] = await Promise.all([
    reader.list("Cluster", "", signal),
    reader.list("Pooler", "", signal),
    reader.list("Database", "", signal),
    reader.list("DatabaseRole", "", signal),
    reader.list("Service", "", signal),
  ]);
  return { clusters, poolers, databases, databaseRoles, services, clusterDomain: settings.clusterDomain };
}
