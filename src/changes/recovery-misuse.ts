import type { Change, ChangeFacts } from "../model/change.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import { walArchiverOf } from "./archiver.ts";
import { fieldsAt, textAt, valueAt } from "./fields.ts";
import { shown, subjectOf } from "./hits.ts";
import { isOwnArchive, type RecoverySource, recoverySourceOf } from "./recovery-source.ts";
import { isTimeTrap, targetWithoutBackup } from "./recovery-target.ts";

/** A recovery Cluster that will not come up, restores the wrong history, or cannot be restored itself (cnpg.md sections 2.3, 2.4). */
export const recoveryMisuse: Change = {
  id: "recovery-misuse",
  title: "Recovery that will fail or restore the wrong thing",
  // Not recoverability: its price would be a backup of a Cluster that does not exist yet, in the middle of an outage.
  hazard: "availability",
  phase: "expand",
  resources: ["postgresql.cnpg.io/clusters"],
  operations: ["CREATE"],
  why: "the recovery hangs or fails after the outage has begun, or leaves a Cluster without a way back",
  instead:
    "targetTime as 2026-11-24 08:22:48.000000+00, a backupID, serverName in externalClusters, and an archiver with a serverName of its own",
  check({ operation, object }, facts) {
    if (operation !== "CREATE" || object === null) return [];
    if (valueAt(object, "spec", "bootstrap", "recovery") === undefined) return [];
    const problems = [...targetProblems(object), ...sourceProblems(object, facts), ...archiveProblems(object, facts)];
    return problems.map(({ field, display }) => ({
      subject: subjectOf(object),
      display,
      difference: { [field]: display },
      cluster: object.metadata.name,
    }));
  },
};

interface Problem {
  readonly field: string;
  readonly display: string;
}

function targetProblems(cluster: KubernetesObject): readonly Problem[] {
  const recovery = fieldsAt(cluster, "spec", "bootstrap", "recovery");
  const time = textAt(recovery, "recoveryTarget", "targetTime");
  const kind = targetWithoutBackup(recovery);
  const problems: Problem[] = [];
  if (isTimeTrap(time)) {
    const display = `recoveryTarget.targetTime ${shown(time)}: with CNPG 1.28 PostgreSQL refuses to start with a UTC time in this form`;
    problems.push({ field: "targetTime", display });
  }
  if (kind !== "")
    problems.push({ field: "backupID", display: `recoveryTarget.backupID is missing: ${kind} needs it` });
  return problems;
}

function sourceProblems(cluster: KubernetesObject, facts: ChangeFacts): readonly Problem[] {
  const source = recoverySourceOf(cluster, facts);
  if (source.kind === "missing") {
    const display = `recovery.source ${shown(source.name)} names no external cluster with an archive`;
    return [{ field: "source", display }];
  }
  return source.kind === "archive" && !source.hasServerName ? [unnamedServer(source)] : [];
}

function unnamedServer({ name, archiver }: Extract<RecoverySource, { kind: "archive" }>): Problem {
  const taken = archiver.kind === "in-tree" ? archiver.location.serverName : archiver.serverName;
  return {
    field: "serverName",
    display: `externalClusters.${name} has no serverName: it reads the folder ${shown(taken)}`,
  };
}

function archiveProblems(cluster: KubernetesObject, facts: ChangeFacts): readonly Problem[] {
  const own = walArchiverOf(cluster);
  if (own === null)
    return [{ field: "archiver", display: "no WAL archiver: the recovered Cluster cannot be restored itself" }];
  if (!isOwnArchive(own, recoverySourceOf(cluster, facts), facts)) return [];
  return [{ field: "archive", display: "it archives into the folder it restores from, which must be empty" }];
}
