import type { Change } from "../model/change.ts";
import { newlyEnabled } from "./annotations.ts";

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
  check: (request) => newlyEnabled(request, key),
};
