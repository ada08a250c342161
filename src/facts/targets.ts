import type { LocateFacts } from "../model/run.ts";
import { isSameList } from "../model/same.ts";
import type { ObjectReader, World } from "../ports.ts";

/**
 * All that says which Cluster a host or a Secret's name belongs to; the very same object until a reader's list changes.
 * Throws ReadError when the cluster cannot be asked.
 */
export async function readLocateFacts(world: World, signal: AbortSignal): Promise<LocateFacts> {
  const { reader, settings } = world;
  const [clusters, poolers, databases, databaseRoles, services] = await Promise.all([
    reader.list("Cluster", "", signal),
    reader.list("Pooler", "", signal),
    reader.list("Database", "", signal),
    reader.list("DatabaseRole", "", signal),
    reader.list("Service", "", signal),
  ]);
  const { clusterDomain } = settings;
  const facts = { clusters, poolers, databases, databaseRoles, services, clusterDomain };
  const known = remembered.get(reader);
  if (known !== undefined && isSameList(Object.values(known), Object.values(facts))) return known;
  remembered.set(reader, facts);
  return facts;
}

const remembered = new WeakMap<ObjectReader, LocateFacts>();
