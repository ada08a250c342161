import { recoveryMisuse } from "../../src/changes/recovery-misuse.ts";
import { cluster, create, describeChange, type Fields, object, update } from "./requests.ts";

const barman = "barman-cloud.cloudnative-pg.io";
const store = (barmanObjectName: string, serverName?: string) => ({
  name: barman,
  isWALArchiver: true,
  parameters: { barmanObjectName, ...(serverName && { serverName }) },
});
const origin = { externalClusters: [{ name: "origin", plugin: store("store", "app-postgres") }] };
const good = { ...origin, plugins: [store("store", "app-postgres-r1")] };

const recovered = (recovery: Fields, spec: Fields = good) =>
  cluster({ bootstrap: { recovery: { source: "origin", ...recovery } }, ...spec }, { name: "app-postgres-r1" });
const target = (recoveryTarget: Fields, spec: Fields = good) =>
  create(recovered({ recoveryTarget: { backupID: "20261124T084406", ...recoveryTarget } }, spec));
const trap = (time: string) => [
  `recoveryTarget.targetTime ${time}: with CNPG 1.28 PostgreSQL refuses to start with a UTC time in this form`,
];
const inTree = (destinationPath: string, serverName?: string) => ({
  destinationPath,
  ...(serverName && { serverName }),
});
const fromBackup = create(
  cluster({
    bootstrap: { recovery: { backup: { name: "before-0042" } } },
    backup: { barmanObjectStore: inTree("s3://a", "app-postgres") },
  }),
);
const backup = (status: Fields) =>
  object("Backup", "before-0042", { spec: { cluster: { name: "app-postgres" } }, status });
const occupied = ["it archives into the folder it restores from, which must be empty"];
const noArchiver = ["no WAL archiver: the recovered Cluster cannot be restored itself"];

describeChange(recoveryMisuse, {
  "the time as `date -u` prints it": {
    request: target({ targetTime: "2026-11-24T08:22:48Z" }),
    shows: trap("2026-11-24T08:22:48Z"),
  },
  "the time with +00:00, which CNPG turns into Z": {
    request: target({ targetTime: "2026-11-24T08:22:48.123456+00:00" }),
    shows: trap("2026-11-24T08:22:48.123456+00:00"),
  },
  "PostgreSQL's spelling with Z": {
    request: target({ targetTime: "2026-11-24 08:22:48Z" }),
    shows: trap("2026-11-24 08:22:48Z"),
  },
  "a named target without a backup to start from": {
    request: create(recovered({ recoveryTarget: { targetName: "before-0042" } })),
    shows: ["recoveryTarget.backupID is missing: targetName needs it"],
  },
  "an immediate target without a backup to start from": {
    request: create(recovered({ recoveryTarget: { targetImmediate: true } })),
    shows: ["recoveryTarget.backupID is missing: targetImmediate needs it"],
  },
  "no such source": {
    request: create(recovered({ source: "elsewhere" })),
    shows: ["recovery.source elsewhere names no external cluster with an archive"],
  },
  "the plugin's source has no serverName": {
    request: create(recovered({}, { ...good, externalClusters: [{ name: "origin", plugin: store("store-2") }] })),
    shows: ["externalClusters.origin has no serverName: it reads the folder app-postgres-r1"],
  },
  "the course's restore: the in-tree source has no serverName": {
    request: create(
      recovered({}, { ...good, externalClusters: [{ name: "origin", barmanObjectStore: inTree("s3://a") }] }),
    ),
    shows: ["externalClusters.origin has no serverName: it reads the folder origin"],
  },
  "no backup section and no plugin": { request: create(recovered({}, origin)), shows: noArchiver },
  "the same ObjectStore and server name": {
    request: create(recovered({}, { ...origin, plugins: [store("store", "app-postgres")] })),
    shows: occupied,
  },
  "two ObjectStores of one place": {
    request: create(recovered({}, { ...origin, plugins: [store("copy", "app-postgres")] })),
    facts: {
      objectStores: ["store", "copy"].map((name) =>
        object("ObjectStore", name, {
          spec: { configuration: { destinationPath: name === "copy" ? "s3://a/" : "s3://a" } },
        }),
      ),
    },
    shows: occupied,
  },
  "the same in-tree folder": {
    request: create(
      recovered(
        {},
        {
          externalClusters: [{ name: "origin", barmanObjectStore: inTree("s3://a", "app-postgres") }],
          backup: { barmanObjectStore: inTree("s3://a", "app-postgres") },
        },
      ),
    ),
    shows: occupied,
  },
  "from a Backup object, into its own folder": {
    request: fromBackup,
    facts: { backups: [backup(inTree("s3://a"))] },
    shows: occupied,
  },
  "from a Backup object, into another folder": {
    request: fromBackup,
    facts: { backups: [backup(inTree("s3://b"))] },
    shows: [],
  },
  "from a Backup object that does not say where it lies": {
    request: fromBackup,
    facts: { backups: [backup({})] },
    shows: [],
  },
  "a good one": { request: target({ targetTime: "2026-11-24 08:22:48.000000+00" }), shows: [] },
  "a time with another offset": { request: target({ targetTime: "2026-11-24T10:22:48+02:00" }), shows: [] },
  "a time without a zone": { request: target({ targetTime: "2026-11-24 08:22:48" }), shows: [] },
  "from volume snapshots": {
    request: create(
      cluster({
        bootstrap: {
          recovery: { volumeSnapshots: { storage: { name: "s" } }, recoveryTarget: { targetImmediate: true } },
        },
        plugins: [store("store")],
      }),
    ),
    shows: [],
  },
  "a Cluster made by initdb without an archiver": {
    request: create(cluster({ bootstrap: { initdb: {} } })),
    shows: [],
  },
  "a live Cluster: nothing is recovered": {
    request: update(recovered({}), recovered({ recoveryTarget: { targetTime: "2026-11-24T08:22:48Z" } })),
    shows: [],
  },
});
