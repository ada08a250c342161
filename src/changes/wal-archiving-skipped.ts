import type { Change } from "../model/change.ts";
import { annotationIn } from "./annotations.ts";
import { fieldHit } from "./hits.ts";
import { written } from "./judged.ts";

const key = "cnpg.io/skipWalArchiving";

/** The annotation sets archive_mode=off while ContinuousArchiving stays True (cnpg.md sections 1.2 and 3). */
export const walArchivingSkipped: Change = {
  id: "wal-archiving-skipped",
  title: "WAL archiving switched off by annotation",
  hazard: "recoverability",
  phase: "migrate",
  resources: ["postgresql.cnpg.io/clusters"],
  operations: ["CREATE", "UPDATE"],
  why: "restarts the servers with archive_mode off: WAL is thrown away and there is no point-in-time recovery",
  instead: "leave archiving on; if the archive is what is broken, repair it first",
  check(request) {
    const change = written(request);
    if (change === null) return [];
    const { from, to } = annotationIn(change, key);
    if (to !== "enabled" || from === to) return [];
    return [fieldHit(change.after, change.after.metadata.name, `annotation ${key}`, from || null, to)];
  },
};
