import { archiverConfigured } from "./archiver-configured.ts";
import { archivingNotFailing } from "./archiving-not-failing.ts";
import { archivingSwitchedOn } from "./archiving-switched-on.ts";
import { backupCompleted } from "./backup-completed.ts";
import { backupDated } from "./backup-dated.ts";
import { backupRecent } from "./backup-recent.ts";
import type { BackupCheck, ClusterCheck } from "./check.ts";
import { clusterHealthy } from "./cluster-healthy.ts";
import { clusterRunning } from "./cluster-running.ts";
import { endArchived } from "./end-archived.ts";
import { noLaterFailure } from "./no-later-failure.ts";
import { notAReplica } from "./not-a-replica.ts";
import { ranOnPrimary } from "./ran-on-primary.ts";
import { retained } from "./retained.ts";
import { sameHistory } from "./same-history.ts";
import { sameIncarnation } from "./same-incarnation.ts";
import { sameLocation } from "./same-location.ts";
import { sameMajorVersion } from "./same-major-version.ts";
import { sameMethod } from "./same-method.ts";
import { snapshotsUsable } from "./snapshots-usable.ts";
import { stillInCatalog } from "./still-in-catalog.ts";

/** What must hold of the Cluster, in the order a person would look. Any arm asks all of it. */
export const clusterChecks: readonly ClusterCheck[] = [
  notAReplica,
  clusterRunning,
  archiverConfigured,
  archivingSwitchedOn,
  archivingNotFailing,
  clusterHealthy,
];

/** What must hold of a Backup for arm B. The order says how near a Backup came: the nearest one's blocker is reported. */
export const backupChecks: readonly BackupCheck[] = [
  backupCompleted,
  backupRecent,
  backupDated,
  sameIncarnation,
  sameMethod,
  sameLocation,
  sameMajorVersion,
  sameHistory,
  ranOnPrimary,
  endArchived,
  snapshotsUsable,
  stillInCatalog,
  retained,
  noLaterFailure,
];

/** All of them, as the documentation lists them. */
export const recoveryChecks: readonly { readonly id: string; readonly why: string }[] = [
  ...clusterChecks,
  ...backupChecks,
];
