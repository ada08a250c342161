import type { Change } from "../model/change.ts";
import { archiverRemoved } from "./archiver-removed.ts";
import { backupDeleted } from "./backup-deleted.ts";
import { backupLocationChanged } from "./backup-location-changed.ts";
import { bootstrapChanged } from "./bootstrap-changed.ts";
import { clusterDeleted } from "./cluster-deleted.ts";
import { clusterHibernated } from "./cluster-hibernated.ts";
import { crdDeleted } from "./crd-deleted.ts";
import { databaseAbsent } from "./database-absent.ts";
import { databaseChildrenAbsent } from "./database-children-absent.ts";
import { databaseReclaimDelete } from "./database-reclaim-delete.ts";
import { durabilityParameterWeakened } from "./durability-parameter-weakened.ts";
import { emptyArchiveCheckSkipped } from "./empty-archive-check-skipped.ts";
import { instancesFenced } from "./instances-fenced.ts";
import { instancesLowered } from "./instances-lowered.ts";
import { majorVersionChanged } from "./major-version-changed.ts";
import { namespaceDeleted } from "./namespace-deleted.ts";
import { namespaceModeLowered } from "./namespace-mode-lowered.ts";
import { namespacePolicyChanged } from "./namespace-policy-changed.ts";
import { objectStoreDeleted } from "./object-store-deleted.ts";
import { ownerReferenceChanged } from "./owner-reference-changed.ts";
import { pvcDeleted } from "./pvc-deleted.ts";
import { pvcLabelDropped } from "./pvc-label-dropped.ts";
import { recoveryMisuse } from "./recovery-misuse.ts";
import { retentionShortened } from "./retention-shortened.ts";
import { scheduledBackupDeleted } from "./scheduled-backup-deleted.ts";
import { scheduledBackupSuspended } from "./scheduled-backup-suspended.ts";
import { storageClassChanged } from "./storage-class-changed.ts";
import { storageShrunk } from "./storage-shrunk.ts";
import { tablespaceRemoved } from "./tablespace-removed.ts";
import { volumeSnapshotDeleted } from "./volume-snapshot-deleted.ts";
import { volumeSnapshotLabelDropped } from "./volume-snapshot-label-dropped.ts";
import { walArchivingSkipped } from "./wal-archiving-skipped.ts";
import { walStorageRemoved } from "./wal-storage-removed.ts";

/** Every cluster change the gate knows, in the order of the docs. */
export const changes: readonly Change[] = [
  clusterDeleted,
  namespaceDeleted,
  crdDeleted,
  ownerReferenceChanged,
  pvcDeleted,
  pvcLabelDropped,
  archiverRemoved,
  backupLocationChanged,
  retentionShortened,
  walArchivingSkipped,
  emptyArchiveCheckSkipped,
  durabilityParameterWeakened,
  majorVersionChanged,
  storageShrunk,
  storageClassChanged,
  walStorageRemoved,
  tablespaceRemoved,
  instancesLowered,
  clusterHibernated,
  instancesFenced,
  bootstrapChanged,
  recoveryMisuse,
  databaseAbsent,
  databaseReclaimDelete,
  databaseChildrenAbsent,
  backupDeleted,
  scheduledBackupDeleted,
  scheduledBackupSuspended,
  objectStoreDeleted,
  volumeSnapshotDeleted,
  volumeSnapshotLabelDropped,
  namespaceModeLowered,
  namespacePolicyChanged,
];
