import { ReadError } from "../model/errors.ts";
import type { RecoveryFacts } from "../model/evidence.ts";
import { textAt } from "../model/fields.ts";
import type { KubernetesObject, ReadableKind } from "../model/kubernetes.ts";
import type { Target } from "../model/run.ts";
import type { ObjectReader } from "../ports.ts";

/**
 * What is known about the way back of one Cluster, read now: a Backup seen a minute ago may be gone (facts: cluster.md
 * section 9). A read that fails becomes a problem, so that it counts as unknown and never as fine.
 */
export async function readRecoveryFacts(
  target: Target,
  reader: ObjectReader,
  signal: AbortSignal,
): Promise<RecoveryFacts> {
  const problems: string[] = [];
  const read = async (kind: ReadableKind): Promise<readonly KubernetesObject[]> => {
    try {
      return await reader.list(kind, target.namespace, signal);
    } catch (error) {
      // a ReadError says itself what could not be read
      problems.push(error instanceof ReadError ? error.message : `${kind}s cannot be read`);
      return [];
    }
  };
  const [clusters, backups, objectStores] = await Promise.all([read("Cluster"), read("Backup"), read("ObjectStore")]);
  const snapshots = backups.some((backup) => methodOf(backup) === "volumeSnapshot");
  const volumeSnapshots = snapshots ? await read("VolumeSnapshot") : [];
  const cluster = clusters.find(({ metadata }) => metadata.name === target.cluster) ?? null;
  return { target, cluster, backups, objectStores, volumeSnapshots, problems };
}

function methodOf(backup: KubernetesObject): string {
  return textAt(backup, "status", "method") || textAt(backup, "spec", "method");
}
