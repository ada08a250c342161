import { backupDeleted } from "../../src/changes/backup-deleted.ts";
import { describeChange, object, remove } from "./requests.ts";

const backup = (phase: string) =>
  remove(object("Backup", "before-0042", { spec: { cluster: { name: "app-postgres" } }, status: { phase } }));

describeChange(backupDeleted, {
  "a completed one": { request: backup("completed"), shows: ["deletes the Backup"] },
  "one that runs": { request: backup("running"), shows: ["deletes the Backup"] },
  "a phase of a later CNPG": { request: backup("archived"), shows: ["deletes the Backup"] },
  "the instance manager's retention": { request: backup("completed"), facts: { isInstanceManager: true }, shows: [] },
  "a failed one": { request: backup("failed"), shows: [] },
  "a stuck one that blocks the queue": { request: backup("walArchivingFailing"), shows: [] },
});
