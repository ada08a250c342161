import type { EvidenceFacts, RecoveryFacts } from "../../src/model/evidence.ts";
import type { KubernetesObject } from "../../src/model/kubernetes.ts";
import type { Policy } from "../../src/model/policy.ts";
import { recorded } from "../targets/connections.ts";

type Draft = Record<string, unknown>;

/** The fields at a path of a draft, made where they are missing. */
export function at(draft: Draft, ...path: readonly string[]): Draft {
  let found = draft;
  for (const key of path) {
    const next = found[key];
    if (typeof next === "object" && next !== null) found = next as Draft;
    else {
      const made: Draft = {};
      found[key] = made;
      found = made;
    }
  }
  return found;
}

/** The recorded world as drafts a case may change: Cluster production/app-postgres, its Backup before-0042, its ObjectStore. */
export interface World {
  readonly cluster: Draft;
  readonly backup: Draft;
  readonly store: Draft;
  readonly snapshots: Draft[];
  readonly more: Draft[];
  readonly problems: string[];
}

function first(file: string): Draft {
  const [object] = recorded(file);
  if (object === undefined) throw new Error(`${file} is empty`);
  return structuredClone(object) as unknown as Draft;
}

/** By the plugin, as recorded. */
export function pluginWorld(): World {
  return {
    cluster: first("clusters"),
    backup: first("backups"),
    store: first("objectstores"),
    snapshots: [],
    more: [],
    problems: [],
  };
}

/** The same by the in-tree store, with the fields CloudNativePG writes for it. */
export function inTreeWorld(): World {
  const world = pluginWorld();
  const { barmanObjectStore } = { barmanObjectStore: structuredClone(at(world.store, "spec", "configuration")) };
  delete at(world.cluster, "spec")["plugins"];
  at(world.cluster, "spec")["backup"] = { barmanObjectStore, retentionPolicy: "7d", target: "prefer-standby" };
  at(world.backup, "spec")["method"] = "barmanObjectStore";
  delete at(world.backup, "spec")["pluginConfiguration"];
  const status = at(world.backup, "status");
  delete status["pluginMetadata"];
  const { destinationPath, endpointURL, s3Credentials } = structuredClone(barmanObjectStore);
  Object.assign(status, {
    method: "barmanObjectStore",
    destinationPath,
    endpointURL,
    s3Credentials,
    serverName: "app-postgres",
  });
  return world;
}

/** The same by hot volume snapshots, WAL by the plugin. */
export function snapshotWorld(): World {
  const world = pluginWorld();
  at(world.cluster, "spec")["backup"] = { volumeSnapshot: { className: "csi" } };
  at(world.cluster, "spec")["walStorage"] = { size: "1Gi" };
  at(world.backup, "spec")["method"] = "volumeSnapshot";
  const status = at(world.backup, "status");
  delete status["pluginMetadata"];
  const elements = [
    { name: "before-0042", type: "PG_DATA" },
    { name: "before-0042-wal", type: "PG_WAL" },
  ];
  Object.assign(status, { method: "volumeSnapshot", backupId: "before-0042", snapshotBackupStatus: { elements } });
  for (const { name } of elements)
    world.snapshots.push({
      apiVersion: "snapshot.storage.k8s.io/v1",
      kind: "VolumeSnapshot",
      metadata: { name, namespace: "production" },
      status: {
        readyToUse: true,
        boundVolumeSnapshotContentName: `snapcontent-${name}`,
        creationTime: "2026-11-24T08:44:08Z",
      },
    });
  return world;
}

const object = (draft: Draft) => draft as unknown as KubernetesObject;

export function recoveryFacts(world: World): RecoveryFacts {
  return {
    target: { namespace: "production", cluster: "app-postgres", database: "app" },
    cluster: object(world.cluster),
    backups: [object(world.backup), ...world.more.map(object)],
    objectStores: [object(world.store)],
    volumeSnapshots: world.snapshots.map(object),
    problems: world.problems,
  };
}

/** Facts at a moment; the recorded Backup ended at 08:44:09. */
export function factsAt(
  now: string,
  recovery: RecoveryFacts | null,
  moment: EvidenceFacts["moment"] = "admission",
): EvidenceFacts {
  return { now: new Date(now), moment, annotations: {}, policy: { clockSkewSeconds: 30 } as Policy, recovery };
}
