import type { Change } from "../model/change.ts";
import { textAt } from "./fields.ts";
import { deletionHit } from "./hits.ts";
import { deleted } from "./judged.ts";

/** DELETE of a ScheduledBackup; with backupOwnerReference `self` its Backups are collected too (cnpg.md section 1.4). */
export const scheduledBackupDeleted: Change = {
  id: "scheduled-backup-deleted",
  title: "ScheduledBackup deleted",
  hazard: "recoverability",
  phase: "contract",
  resources: ["postgresql.cnpg.io/scheduledbackups"],
  operations: ["DELETE"],
  why: "no more backups are taken, and Backups that it owns are deleted with it",
  instead: "add the new ScheduledBackup first and see one of its backups complete",
  check(request) {
    const schedule = deleted(request);
    if (schedule === null) return [];
    const ownsBackups = textAt(schedule, "spec", "backupOwnerReference") === "self";
    const display = ownsBackups ? "deletes the ScheduledBackup and its Backups" : "deletes the ScheduledBackup";
    return [deletionHit(schedule, textAt(schedule, "spec", "cluster", "name"), display)];
  },
};
