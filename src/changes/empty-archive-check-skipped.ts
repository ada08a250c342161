import type { Change } from "../model/change.ts";
import { newlyEnabled } from "./annotations.ts";

const key = "cnpg.io/skipEmptyWalArchiveCheck";

/** The annotation lets a new Cluster archive into a folder that is in use (cnpg.md sections 2.4 and 3). */
export const emptyArchiveCheckSkipped: Change = {
  id: "empty-archive-check-skipped",
  title: "Check for an empty archive switched off by annotation",
  hazard: "recoverability",
  phase: "migrate",
  resources: ["postgresql.cnpg.io/clusters"],
  operations: ["CREATE", "UPDATE"],
  why: "the Cluster may write its WAL over another Cluster's archive and spoil both",
  instead: "give the Cluster a serverName or destinationPath of its own",
  check: (request) => newlyEnabled(request, key),
};
