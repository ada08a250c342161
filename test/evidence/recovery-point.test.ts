import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recoveryChecks } from "../../src/evidence/recovery/index.ts";
import { recoveryPoint } from "../../src/evidence/recovery-point.ts";
import type { Claim, EvidenceFacts, Verification } from "../../src/model/evidence.ts";
import { at, factsAt, inTreeWorld, pluginWorld, recoveryFacts, snapshotWorld, type World } from "./recovery-objects.ts";

const target = { namespace: "production", cluster: "app-postgres", database: "app" };
const claim: Claim = {
  requirement: { evidence: "recovery-point", arms: [{ arm: "B", backupWithinSeconds: 3600 }], withoutRecovery: null },
  units: [],
  run: null,
  target,
};
const soon = "2026-11-24T08:55:00Z";
const plugin =
  "kubectl cnpg backup app-postgres -n production --backup-target primary --method plugin --plugin-name barman-cloud.cloudnative-pg.io";
const inTree = "kubectl cnpg backup app-postgres -n production --backup-target primary";

function verify(world: World, now = soon, moment: EvidenceFacts["moment"] = "admission"): Verification {
  return recoveryPoint.verify(claim, factsAt(now, recoveryFacts(world), moment));
}

function reasonOf(verification: Verification): string {
  return verification.holds ? "holds" : verification.missing.reason;
}

const worlds: readonly (readonly [string, () => World])[] = [
  ["plugin", pluginWorld],
  ["in-tree store", inTreeWorld],
  ["volume snapshots", snapshotWorld],
];

describe("a fresh Backup of the very Cluster is a recovery point", () => {
  it.each(worlds)("by %s", (_, make) => {
    expect(verify(make())).toEqual({
      holds: true,
      proof: expect.stringMatching(/^Backup before-0042 \(.*ended 2026-11-24T08:44:0[89]/),
    });
  });

  const moments: readonly (readonly [string, string, EvidenceFacts["moment"], string])[] = [
    ["exactly N ago", "2026-11-24T09:44:09.000Z", "admission", "holds"],
    ["a moment longer ago", "2026-11-24T09:44:09.001Z", "admission", "none completed within 60m"],
    ["up to twice N ago when a Pod starts", "2026-11-24T10:44:09.000Z", "pod-start", "holds"],
    ["longer ago when a Pod starts", "2026-11-24T10:44:09.001Z", "pod-start", "none completed within 2h"],
    ["a little in the future: clocks differ", "2026-11-24T08:43:39Z", "admission", "holds"],
    [
      "further in the future",
      "2026-11-24T08:43:38Z",
      "admission",
      "Backup before-0042 is dated in the future: a clock is wrong",
    ],
  ];
  it.each(moments)("judged when it ended %s", (_, now, moment, reason) => {
    expect(reasonOf(verify(pluginWorld(), now, moment))).toBe(reason);
  });

  it("counts snapshots from their cut, not from when the storage was done", () => {
    const world = snapshotWorld();
    at(world.backup, "status")["stoppedAt"] = "2026-11-24T09:30:00Z";
    expect(reasonOf(verify(world, "2026-11-24T09:44:08Z"))).toBe("holds");
    expect(reasonOf(verify(world, "2026-11-24T09:44:09Z"))).toBe("none completed within 60m");
  });
});

type Case = readonly [string, () => World, (world: World) => void, string];
const status = (world: World) => at(world.backup, "status");
const condition = (world: World, type: string, rest: Record<string, string>) =>
  (at(world.cluster, "status")["conditions"] = [{ type, ...rest }]);

const clusterCases: readonly Case[] = [
  [
    "a replica Cluster",
    pluginWorld,
    (world) => {
      at(world.cluster, "spec")["replica"] = { enabled: true, source: "dc1" };
    },
    "is a replica of another Cluster",
  ],
  [
    "a distributed replica",
    pluginWorld,
    (world) => {
      at(world.cluster, "spec")["replica"] = { primary: "dc1", source: "dc1" };
    },
    "is a replica of another Cluster",
  ],
  [
    "a hibernated Cluster",
    pluginWorld,
    (world) => {
      at(world.cluster, "metadata", "annotations")["cnpg.io/hibernation"] = "on";
    },
    "is hibernated",
  ],
  [
    "a fenced Cluster",
    pluginWorld,
    (world) => {
      at(world.cluster, "metadata", "annotations")["cnpg.io/fencedInstances"] = '["app-postgres-1"]';
    },
    "has fenced instances",
  ],
  [
    "a Cluster nobody reconciles",
    pluginWorld,
    (world) => {
      at(world.cluster, "metadata", "annotations")["cnpg.io/reconciliationLoop"] = "disabled";
    },
    "is not reconciled",
  ],
  [
    "a Cluster being deleted",
    pluginWorld,
    (world) => {
      at(world.cluster, "metadata")["deletionTimestamp"] = soon;
    },
    "is being deleted",
  ],
  [
    "the archiver removed",
    pluginWorld,
    (world) => {
      at(world.cluster, "spec")["plugins"] = [];
    },
    "has no WAL archiver: its WAL is thrown away",
  ],
  [
    "the in-tree archiver removed",
    inTreeWorld,
    (world) => {
      delete at(world.cluster, "spec")["backup"];
    },
    "has no WAL archiver",
  ],
  [
    "the plugin disabled",
    pluginWorld,
    (world) => {
      at(world.cluster, "spec", "plugins", "0")["enabled"] = false;
    },
    "has no WAL archiver",
  ],
  [
    "the plugin no WAL archiver",
    pluginWorld,
    (world) => {
      at(world.cluster, "spec", "plugins", "0")["isWALArchiver"] = false;
    },
    "has no WAL archiver",
  ],
  [
    "two archivers",
    pluginWorld,
    (world) => {
      at(world.cluster, "spec", "backup")["barmanObjectStore"] = {};
    },
    "more than one WAL archiver",
  ],
  [
    "a plugin without an ObjectStore",
    pluginWorld,
    (world) => {
      at(world.cluster, "spec", "plugins", "0")["parameters"] = {};
    },
    "whose ObjectStore is not named",
  ],
  [
    "the ObjectStore deleted",
    pluginWorld,
    (world) => {
      at(world.store, "metadata")["name"] = "other";
    },
    "ObjectStore store does not exist",
  ],
  [
    "the ObjectStore in another namespace",
    pluginWorld,
    (world) => {
      at(world.store, "metadata")["namespace"] = "staging";
    },
    "ObjectStore store does not exist",
  ],
  [
    "the ObjectStore being deleted",
    pluginWorld,
    (world) => {
      at(world.store, "metadata")["deletionTimestamp"] = soon;
    },
    "ObjectStore store is being deleted",
  ],
  [
    "WAL archiving skipped",
    pluginWorld,
    (world) => {
      at(world.cluster, "metadata", "annotations")["cnpg.io/skipWalArchiving"] = "enabled";
    },
    "archives no WAL: annotation cnpg.io/skipWalArchiving",
  ],
  [
    "archive_mode off",
    pluginWorld,
    (world) => {
      at(world.cluster, "spec", "postgresql", "parameters")["archive_mode"] = "off";
    },
    "archive_mode is not on",
  ],
  [
    "archiving seen failing",
    pluginWorld,
    (world) => {
      condition(world, "ContinuousArchiving", { status: "False" });
    },
    "fails to archive WAL",
  ],
  [
    "an unhealthy Cluster",
    pluginWorld,
    (world) => {
      at(world.cluster, "status")["phase"] = "Failing over";
    },
    "is not in healthy state",
  ],
  [
    "a Cluster without status",
    pluginWorld,
    (world) => {
      delete world.cluster["status"];
    },
    "is not in healthy state",
  ],
  [
    "a switchover",
    pluginWorld,
    (world) => {
      at(world.cluster, "status")["targetPrimary"] = "app-postgres-2";
    },
    "is switching over",
  ],
  [
    "a major upgrade under way",
    pluginWorld,
    (world) => {
      at(world.cluster, "status")["targetPgDataImageInfo"] = { majorVersion: 18 };
    },
    "is being upgraded",
  ],
  [
    "a change of role under way",
    pluginWorld,
    (world) => {
      at(world.cluster, "status", "switchReplicaClusterStatus")["inProgress"] = true;
    },
    "between primary and replica",
  ],
];

const backupCases: readonly Case[] = [
  [
    "another Cluster's",
    pluginWorld,
    (world) => {
      at(world.backup, "spec", "cluster")["name"] = "app-postgres-r1";
    },
    "none completed within 60m",
  ],
  [
    "another namespace's",
    pluginWorld,
    (world) => {
      at(world.backup, "metadata")["namespace"] = "staging";
    },
    "none completed within 60m",
  ],
  [
    "failed",
    pluginWorld,
    (world) => {
      status(world)["phase"] = "failed";
    },
    "none completed within 60m",
  ],
  [
    "being deleted",
    pluginWorld,
    (world) => {
      at(world.backup, "metadata")["deletionTimestamp"] = soon;
    },
    "none completed within 60m",
  ],
  [
    "completed without an id to restore by",
    pluginWorld,
    (world) => {
      delete status(world)["backupId"];
    },
    "none completed within 60m",
  ],
  [
    "running",
    pluginWorld,
    (world) => {
      status(world)["phase"] = "running";
    },
    "Backup before-0042 is not completed yet",
  ],
  [
    "waiting since a moment ago",
    pluginWorld,
    (world) => {
      delete world.backup["status"];
    },
    "Backup before-0042 is not completed yet",
  ],
  [
    "stuck while archiving fails",
    inTreeWorld,
    (world) => {
      status(world)["phase"] = "walArchivingFailing";
    },
    "Backup before-0042 is stuck (walArchivingFailing) and keeps every later one waiting",
  ],
  [
    "refused by its definition",
    pluginWorld,
    (world) => {
      status(world)["phase"] = "invalid backup definition";
    },
    "Backup before-0042 is stuck (invalid backup definition)",
  ],
  [
    "waiting for ever",
    pluginWorld,
    (world) => {
      delete world.backup["status"];
      at(world.backup, "metadata")["creationTimestamp"] = "2026-11-24T07:00:00Z";
    },
    "Backup before-0042 is stuck (pending)",
  ],
  [
    "without an end",
    pluginWorld,
    (world) => {
      delete status(world)["stoppedAt"];
    },
    "none completed within 60m",
  ],
  [
    "without a start",
    pluginWorld,
    (world) => {
      delete status(world)["startedAt"];
    },
    "does not say when it began and ended",
  ],
  [
    "begun after its end",
    pluginWorld,
    (world) => {
      status(world)["startedAt"] = "2026-11-24T08:50:00Z";
    },
    "ended before it began",
  ],
  [
    "of a former Cluster, by its uid",
    pluginWorld,
    (world) => {
      at(world.cluster, "metadata")["uid"] = "0aa0";
    },
    "Backup before-0042 is of a former Cluster production/app-postgres",
  ],
  [
    "of a former Cluster, by the order of making",
    inTreeWorld,
    (world) => {
      at(world.cluster, "metadata")["creationTimestamp"] = "2026-11-24T08:44:06Z";
    },
    "is of a former Cluster",
  ],
  [
    "of a former Cluster, by snapshots",
    snapshotWorld,
    (world) => {
      at(world.cluster, "metadata")["creationTimestamp"] = "2026-11-24T08:44:06Z";
    },
    "is of a former Cluster",
  ],
  [
    "of nobody knows which Cluster",
    pluginWorld,
    (world) => {
      delete at(status(world), "pluginMetadata")["clusterUID"];
    },
    "is of a former Cluster",
  ],
  [
    "by the method before the plugin",
    () => ({ ...inTreeWorld(), cluster: pluginWorld().cluster }),
    () => undefined,
    "by a method that the Cluster no longer uses",
  ],
  [
    "by another plugin",
    pluginWorld,
    (world) => {
      at(world.backup, "spec", "pluginConfiguration")["name"] = "other.example";
    },
    "by a method that the Cluster no longer uses",
  ],
  [
    "by snapshots that are no longer configured",
    snapshotWorld,
    (world) => {
      delete at(world.cluster, "spec")["backup"];
    },
    "by a method that the Cluster no longer uses",
  ],
  [
    "by an unknown method",
    pluginWorld,
    (world) => {
      status(world)["method"] = "carrier-pigeon";
    },
    "by a method that the Cluster no longer uses",
  ],
  ...["destinationPath", "endpointURL", "serverName", "s3Credentials"].map(
    (field): Case => [
      "in a place that was left: ".concat(field),
      inTreeWorld,
      (world) => {
        at(world.cluster, "spec", "backup", "barmanObjectStore")[field] =
          field === "s3Credentials" ? { inheritFromIAMRole: true } : "s3://moved";
      },
      "is in another place than the Cluster archives to now",
    ],
  ),
  [
    "behind an ObjectStore changed since it began",
    pluginWorld,
    (world) => {
      at(world.store, "metadata")["managedFields"] = [{ time: "2026-11-24T08:44:07Z", fieldsV1: { "f:spec": {} } }];
    },
    "ObjectStore store was changed after Backup before-0042 began",
  ],
  [
    "behind an ObjectStore made again since",
    pluginWorld,
    (world) => {
      at(world.store, "metadata")["creationTimestamp"] = "2026-11-24T08:44:07Z";
    },
    "ObjectStore store was changed after",
  ],
  [
    "from before a major upgrade",
    pluginWorld,
    (world) => {
      at(world.cluster, "status", "pgDataImageInfo")["majorVersion"] = 18;
    },
    "is of another PostgreSQL major version",
  ],
  [
    "silent on its version",
    pluginWorld,
    (world) => {
      delete status(world)["majorVersion"];
    },
    "is of another PostgreSQL major version",
  ],
  [
    "of a later timeline",
    pluginWorld,
    (world) => {
      status(world)["beginWal"] = "000000020000000000000003";
    },
    "is of another timeline",
  ],
  [
    "of no timeline",
    inTreeWorld,
    (world) => {
      delete status(world)["beginWal"];
    },
    "is of another timeline",
  ],
  [
    "of a standby, by its Pod",
    pluginWorld,
    (world) => {
      at(status(world), "instanceID")["podName"] = "app-postgres-2";
    },
    "Backup before-0042 ran on a standby: its last WAL may not be archived",
  ],
  [
    "of nobody knows which instance",
    pluginWorld,
    (world) => {
      delete at(world.backup, "spec")["target"];
      delete status(world)["instanceID"];
    },
    "ran on a standby",
  ],
  [
    "of an instance that became primary later",
    pluginWorld,
    (world) => {
      at(world.backup, "spec")["target"] = "prefer-standby";
      at(world.cluster, "status")["currentPrimaryTimestamp"] = "2026-11-24T08:44:07Z";
    },
    "ran on a standby",
  ],
  [
    "by a hot snapshot that did not wait for its WAL",
    snapshotWorld,
    (world) => {
      at(world.backup, "spec")["onlineConfiguration"] = { waitForArchive: false };
    },
    "Backup before-0042 did not wait for its last WAL to be archived",
  ],
  [
    "by a hot snapshot of a Cluster whose snapshots never wait",
    snapshotWorld,
    (world) => {
      at(world.cluster, "spec", "backup", "volumeSnapshot")["onlineConfiguration"] = { waitForArchive: false };
    },
    "did not wait for its last WAL",
  ],
  [
    "without a snapshot of the WAL volume",
    snapshotWorld,
    (world) => {
      status(world)["snapshotBackupStatus"] = { elements: [{ name: "before-0042", type: "PG_DATA" }] };
    },
    "Backup before-0042 has no snapshot of PG_WAL",
  ],
  [
    "without a snapshot of a tablespace",
    snapshotWorld,
    (world) => {
      at(world.cluster, "spec")["tablespaces"] = [{ name: "reports" }];
    },
    "has no snapshot of PG_TABLESPACE reports",
  ],
  [
    "with a snapshot deleted",
    snapshotWorld,
    (world) => {
      world.snapshots.pop();
    },
    "VolumeSnapshot before-0042-wal of Backup before-0042 is missing or not ready",
  ],
  [
    "with a snapshot not ready",
    snapshotWorld,
    (world) => {
      at(world.snapshots[0] ?? {}, "status")["readyToUse"] = false;
    },
    "VolumeSnapshot before-0042 of Backup before-0042 is missing or not ready",
  ],
  [
    "with a snapshot in error",
    snapshotWorld,
    (world) => {
      at(world.snapshots[0] ?? {}, "status", "error")["message"] = "quota";
    },
    "is missing or not ready",
  ],
  [
    "with a snapshot not bound",
    snapshotWorld,
    (world) => {
      delete at(world.snapshots[0] ?? {}, "status")["boundVolumeSnapshotContentName"];
    },
    "is missing or not ready",
  ],
  [
    "not in the store's recovery window",
    pluginWorld,
    (world) => {
      at(world.store, "status")["serverRecoveryWindow"] = {};
    },
    "is not in its ObjectStore's recovery window",
  ],
  [
    "older than the recovery window",
    pluginWorld,
    (world) => {
      at(world.store, "status", "serverRecoveryWindow", "app-postgres")["firstRecoverabilityPoint"] =
        "2026-11-24T08:50:00Z";
    },
    "is not in its ObjectStore's recovery window",
  ],
  [
    "of another server name",
    pluginWorld,
    (world) => {
      at(world.cluster, "spec", "plugins", "0", "parameters")["serverName"] = "app-postgres-v2";
    },
    "is not in its ObjectStore's recovery window",
  ],
  [
    "older than the in-tree catalog",
    inTreeWorld,
    (world) => {
      at(world.cluster, "status", "firstRecoverabilityPointByMethod")["barmanObjectStore"] = "2026-11-24T08:50:00Z";
    },
    "is no longer in the store's catalog",
  ],
  [
    "kept by a retention policy nobody understands",
    pluginWorld,
    (world) => {
      at(world.store, "spec")["retentionPolicy"] = "soon";
    },
    "is about to expire",
  ],
  [
    "followed by a failure the Cluster noted",
    pluginWorld,
    (world) => {
      condition(world, "LastBackupSucceeded", {
        status: "False",
        reason: "LastBackupFailed",
        lastTransitionTime: "2026-11-24T08:50:00Z",
      });
    },
    "a backup failed after Backup before-0042 completed",
  ],
  [
    "followed by a failure the ObjectStore noted",
    pluginWorld,
    (world) => {
      at(world.store, "status", "serverRecoveryWindow", "app-postgres")["lastFailedBackupTime"] =
        "2026-11-24T08:50:00Z";
    },
    "a backup failed after",
  ],
  [
    "followed by a Backup that failed",
    pluginWorld,
    (world) => {
      world.more.push({
        ...structuredClone(world.backup),
        metadata: { name: "later", namespace: "production", creationTimestamp: "2026-11-24T08:50:00Z" },
        status: { phase: "failed" },
      });
    },
    "Backup later failed after Backup before-0042 completed",
  ],
];

describe("no recovery point", () => {
  it.each([...clusterCases, ...backupCases])("%s", (_, make, change, reason) => {
    const world = make();
    change(world);
    expect(reasonOf(verify(world))).toContain(reason);
  });

  it.each([...clusterCases, ...backupCases])(
    "%s: the text has no age, time or id, and a command",
    (_, make, change) => {
      const world = make();
      change(world);
      const first = verify(world);
      const later = verify(world, "2026-11-24T08:55:07Z");
      expect(later).toEqual(first);
      if (first.holds) throw new Error("holds");
      expect(first.missing.reason).not.toMatch(/\d{4}-\d{2}-\d{2}|\d+:\d+|[0-9a-f]{8}-/);
      expect(first.missing.remedy).toMatch(/^kubectl (cnpg backup|wait) /);
      expect(first.missing).toMatchObject({ evidence: "recovery-point", atSync: true });
    },
  );

  it("a Backup that retention is about to delete, while the policy would still take it", () => {
    const requirement = { ...claim.requirement, arms: [{ arm: "B", backupWithinSeconds: 26 * 3600 }] } as const;
    const at23h = (retentionPolicy: string) => {
      const world = pluginWorld();
      at(world.store, "spec")["retentionPolicy"] = retentionPolicy;
      const facts = factsAt("2026-11-25T08:00:00Z", recoveryFacts(world));
      return reasonOf(recoveryPoint.verify({ ...claim, requirement } as Claim, facts));
    };
    expect(at23h("1d")).toBe("Backup before-0042 is about to expire by the retention policy");
    expect(["2d", "1w", "1m", ""].map(at23h)).toEqual(["holds", "holds", "holds", "holds"]);
  });

  it("says nothing of unreadable facts but that they are unreadable", () => {
    const world = pluginWorld();
    world.problems.push("Backups of production could not be listed: timeout");
    expect(reasonOf(verify(world))).toContain("cannot be judged: Backups of production could not be listed");
  });
  it("needs a Cluster and a target", () => {
    const recovery = { ...recoveryFacts(pluginWorld()), cluster: null };
    expect(reasonOf(recoveryPoint.verify(claim, factsAt(soon, recovery)))).toContain("the Cluster does not exist");
    expect(reasonOf(recoveryPoint.verify(claim, factsAt(soon, null)))).toContain("nothing is known about it");
    expect(reasonOf(recoveryPoint.verify({ ...claim, target: null }, factsAt(soon, null)))).toContain(
      "target is not known",
    );
  });
  it("names the units it is missing for", () => {
    const units = [{ digest: "sha256:aa" }] as unknown as Claim["units"];
    const verification = recoveryPoint.verify({ ...claim, units }, factsAt(soon, null));
    expect(verification).toMatchObject({ missing: { digests: ["sha256:aa"] } });
  });
  it("gives the command that fits the Cluster's method", () => {
    const late = "2026-11-24T12:00:00Z";
    expect(verify(pluginWorld(), late)).toMatchObject({ missing: { remedy: plugin } });
    expect(verify(inTreeWorld(), late)).toMatchObject({ missing: { remedy: inTree } });
  });
  it("reports the nearest Backup, not the newest useless one", () => {
    const world = pluginWorld();
    at(status(world), "instanceID")["podName"] = "app-postgres-2";
    const failed = structuredClone(world.backup);
    at(failed, "status")["phase"] = "failed";
    world.more.push({ ...failed, metadata: { name: "after", namespace: "production" } });
    expect(reasonOf(verify(world))).toBe("Backup before-0042 ran on a standby: its last WAL may not be archived");
  });
});

describe("what spoils nothing", () => {
  const fine: readonly (readonly [string, () => World, (world: World) => void])[] = [
    [
      "a failover since: the archive goes on",
      pluginWorld,
      (world) => {
        Object.assign(at(world.cluster, "status"), {
          currentPrimary: "app-postgres-2",
          targetPrimary: "app-postgres-2",
          currentPrimaryTimestamp: "2026-11-24T08:50:00Z",
          timelineID: 2,
        });
      },
    ],
    [
      "the primary by its Pod, though a standby was preferred",
      pluginWorld,
      (world) => {
        at(world.backup, "spec")["target"] = "prefer-standby";
      },
    ],
    [
      "a condition that is not there yet",
      pluginWorld,
      (world) => {
        at(world.cluster, "status")["conditions"] = [];
      },
    ],
    [
      "another backup that has begun",
      pluginWorld,
      (world) => {
        condition(world, "LastBackupSucceeded", {
          status: "False",
          reason: "BackupStarted",
          lastTransitionTime: "2026-11-24T08:50:00Z",
        });
      },
    ],
    [
      "an ObjectStore whose status alone was written since",
      pluginWorld,
      (world) => {
        at(world.store, "metadata")["managedFields"] = [
          { time: "2026-11-24T08:50:00Z", subresource: "status", fieldsV1: { "f:spec": {} } },
          { time: "2026-11-24T08:43:34Z", fieldsV1: { "f:spec": {} } },
        ];
      },
    ],
    [
      "credentials written in another order",
      inTreeWorld,
      (world) => {
        const s3 = at(world.cluster, "spec", "backup", "barmanObjectStore", "s3Credentials");
        at(world.cluster, "spec", "backup", "barmanObjectStore")["s3Credentials"] = Object.fromEntries(
          Object.entries(s3).reverse(),
        );
      },
    ],
    [
      "a server name written out",
      inTreeWorld,
      (world) => {
        at(world.cluster, "spec", "backup", "barmanObjectStore")["serverName"] = "app-postgres";
      },
    ],
    [
      "fencing that was taken back",
      pluginWorld,
      (world) => {
        at(world.cluster, "metadata", "annotations")["cnpg.io/fencedInstances"] = "[]";
      },
    ],
    [
      "a primary of a distributed topology",
      pluginWorld,
      (world) => {
        at(world.cluster, "spec")["replica"] = { primary: "app-postgres", source: "dc2" };
      },
    ],
    [
      "cold snapshots of a standby",
      snapshotWorld,
      (world) => {
        status(world)["online"] = false;
        at(status(world), "instanceID")["podName"] = "app-postgres-2";
        delete status(world)["beginWal"];
      },
    ],
    [
      "a failure before it",
      pluginWorld,
      (world) => {
        world.more.push({
          ...structuredClone(world.backup),
          metadata: { name: "earlier", namespace: "production", creationTimestamp: "2026-11-24T08:40:00Z" },
          status: { phase: "failed" },
        });
      },
    ],
    [
      "no retention policy",
      pluginWorld,
      (world) => {
        delete at(world.store, "spec")["retentionPolicy"];
      },
    ],
  ];
  it.each(fine)("%s", (_, make, change) => {
    const world = make();
    change(world);
    expect(reasonOf(verify(world))).toBe("holds");
  });
});

type Other = readonly [phase: string, kind: string, seconds: number];

function otherBackup(world: World, [phase, kind, seconds]: Other, index: number): Record<string, unknown> {
  const other = structuredClone(world.backup);
  at(other, "metadata")["name"] = `other-${index}`;
  at(other, "status")["phase"] = phase;
  if (kind === "other-cluster") at(other, "spec", "cluster")["name"] = "app-postgres-r1";
  if (kind === "other-namespace") at(other, "metadata")["namespace"] = "staging";
  if (kind === "older") shift(other, seconds);
  return other;
}

it("is monotone: an older or unrelated Backup never changes a yes", () => {
  const phase = fc.constantFrom(
    "completed",
    "failed",
    "running",
    "walArchivingFailing",
    "invalid backup definition",
    "",
  );
  const kind = fc.constantFrom("older", "other-cluster", "other-namespace");
  const other = fc.tuple(phase, kind, fc.integer({ min: 60, max: 10_000_000 }));
  fc.assert(
    fc.property(fc.array(other, { maxLength: 5 }), fc.constantFrom(...worlds), (others, [, make]) => {
      const world = make();
      world.more.push(...others.map((one, index) => otherBackup(world, one, index)));
      expect(verify(world)).toEqual(verify(make()));
    }),
  );
});

function shift(backup: Record<string, unknown>, seconds: number): void {
  const earlier = (time: unknown) => new Date(Date.parse(String(time)) - seconds * 1000).toISOString();
  const metadata = at(backup, "metadata");
  metadata["creationTimestamp"] = earlier(metadata["creationTimestamp"]);
  const fields = at(backup, "status");
  for (const field of ["startedAt", "stoppedAt", "reconciliationStartedAt", "reconciliationTerminatedAt"])
    fields[field] = earlier(fields[field]);
}

it("has every check under its own name, with a reason", () => {
  expect(new Set(recoveryChecks.map(({ id }) => id)).size).toBe(recoveryChecks.length);
  for (const { id, why } of recoveryChecks)
    expect([id, why.length > 20]).toEqual([expect.stringMatching(/^[a-z-]+$/), true]);
});
