import { scheduledBackupSuspended } from "../../src/changes/scheduled-backup-suspended.ts";
import { describeChange, object, update } from "./requests.ts";

const schedule = (spec: object) =>
  object("ScheduledBackup", "daily", { spec: { cluster: { name: "app-postgres" }, schedule: "0 0 1 * * *", ...spec } });

describeChange(scheduledBackupSuspended, {
  "it stops": { request: update(schedule({}), schedule({ suspend: true })), shows: ["suspend false → true"] },
  "it runs again": { request: update(schedule({ suspend: true }), schedule({ suspend: false })), shows: [] },
  "the default appears": { request: update(schedule({}), schedule({ suspend: false })), shows: [] },
  "it was suspended before": {
    request: update(schedule({ suspend: true }), schedule({ suspend: true, immediate: true })),
    shows: [],
  },
});
