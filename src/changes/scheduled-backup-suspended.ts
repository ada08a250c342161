import type { Change } from "../model/change.ts";
import { textAt, valueAt } from "./fields.ts";
import { fieldHit } from "./hits.ts";
import { updated } from "./judged.ts";

/** spec.suspend switched on: slots missed meanwhile are not made up for (cnpg.md section 1.4). */
export const scheduledBackupSuspended: Change = {
  id: "scheduled-backup-suspended",
  title: "ScheduledBackup suspended",
  hazard: "recoverability",
  phase: "migrate",
  resources: ["postgresql.cnpg.io/scheduledbackups"],
  operations: ["UPDATE"],
  why: "no more backups are taken, and nothing says so until one is needed",
  instead: "leave it running; move the schedule if it is in the way",
  check(request) {
    const update = updated(request);
    if (update === null) return [];
    const { before, after } = update;
    if (valueAt(after, "spec", "suspend") !== true || valueAt(before, "spec", "suspend") === true) return [];
    return [fieldHit(after, textAt(after, "spec", "cluster", "name"), "suspend", false, true)];
  },
};
