import { scheduledBackupDeleted } from "../../src/changes/scheduled-backup-deleted.ts";
import { describeChange, object, remove, update } from "./requests.ts";

const schedule = (backupOwnerReference: string) =>
  object("ScheduledBackup", "daily", { spec: { cluster: { name: "app-postgres" }, backupOwnerReference } });

describeChange(scheduledBackupDeleted, {
  "it goes, its Backups stay": { request: remove(schedule("none")), shows: ["deletes the ScheduledBackup"] },
  "its Backups go with it": {
    request: remove(schedule("self")),
    shows: ["deletes the ScheduledBackup and its Backups"],
  },
  "it is only changed": { request: update(schedule("none"), schedule("self")), shows: [] },
});
