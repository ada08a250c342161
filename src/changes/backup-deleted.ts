import type { Change } from "../model/change.ts";
import { textAt } from "./fields.ts";
import { deletionHit } from "./hits.ts";
import { deleted } from "./judged.ts";

/** Nothing can be restored from these, and a stuck one blocks every later backup (cnpg.md sections 1.1 and 2.1). */
const worthless = new Set(["", "pending", "failed", "walArchivingFailing", "invalid backup definition"]);

/** DELETE of a Backup that is, or may become, a recovery point. Retention deletes by the instance manager's account. */
export const backupDeleted: Change = {
  id: "backup-deleted",
  title: "Backup deleted",
  hazard: "recoverability",
  phase: "contract",
  resources: ["postgresql.cnpg.io/backups"],
  operations: ["DELETE"],
  why: "the recovery point can no longer be found or proven; a volume snapshot that the Backup owns goes with it",
  instead: "let the retention policy remove it",
  check(request, facts) {
    const backup = facts.isInstanceManager ? null : deleted(request);
    if (backup === null || worthless.has(textAt(backup, "status", "phase"))) return [];
    return [deletionHit(backup, textAt(backup, "spec", "cluster", "name"), "deletes the Backup")];
  },
};
