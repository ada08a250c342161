import type { Change } from "../model/change.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import { walArchiverOf } from "./archiver.ts";
import { valueAt } from "./fields.ts";
import { fieldHit } from "./hits.ts";
import { type Updated, updated } from "./judged.ts";

/**
 * The WAL archiver, or the snapshot method, is taken out of a Cluster. CNPG accepts it and reports healthy archiving.
 * A move from the in-tree store to the plugin in one change keeps an archiver: `backup-location-changed` judges it.
 */
export const archiverRemoved: Change = {
  id: "archiver-removed",
  title: "Backup or WAL archiver removed",
  hazard: "recoverability",
  phase: "contract",
  resources: ["postgresql.cnpg.io/clusters"],
  operations: ["UPDATE"],
  why: "from now on WAL is thrown away, while CNPG's condition still says that archiving works: no point-in-time recovery",
  instead: "move to the barman-cloud plugin in one change, with the same destinationPath and serverName",
  check(request) {
    const update = updated(request);
    if (update === null) return [];
    const { before, after } = update;
    const removed = parts.filter(({ nameIn }) => nameIn(before) !== null && nameIn(after) === null);
    const cluster = after.metadata.name;
    const hits = removed.map(({ field, nameIn }) => fieldHit(after, cluster, field, nameIn(before), null));
    return losesGuard(update) ? [...hits, fieldHit(after, cluster, "isWALArchiver", true, false)] : hits;
  },
};

const parts: readonly { readonly field: string; readonly nameIn: (cluster: KubernetesObject) => string | null }[] = [
  { field: "WAL archiver", nameIn: archiverName },
  { field: "volume snapshot backup", nameIn: (cluster) => (hasSnapshots(cluster) ? "configured" : null) },
];

function archiverName(cluster: KubernetesObject): string | null {
  const archiver = walArchiverOf(cluster);
  if (archiver === null) return null;
  return archiver.kind === "in-tree" ? "barmanObjectStore" : `plugin ${archiver.plugin}`;
}

function hasSnapshots(cluster: KubernetesObject): boolean {
  return valueAt(cluster, "spec", "backup", "volumeSnapshot") !== undefined;
}

/** The plugin still archives, but if its sidecar goes missing WAL is thrown away without an error (cnpg.md section 1.2). */
function losesGuard({ before, after }: Updated): boolean {
  const [from, to] = [walArchiverOf(before), walArchiverOf(after)];
  return from?.kind === "plugin" && from.isGuarded && to?.kind === "plugin" && !to.isGuarded;
}
