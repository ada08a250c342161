import type { RecoveryContext } from "./check.ts";

/** The command that takes a Backup as arm B wants it: on the primary, by the Cluster's own method; `when` says what comes first. */
export function takeBackup({ cluster, archive }: Pick<RecoveryContext, "cluster" | "archive">, when = ""): string {
  const { namespace, name } = cluster.metadata;
  const method = archive.kind === "plugin" ? ` --method plugin --plugin-name ${archive.plugin}` : "";
  const command = `kubectl cnpg backup ${name} -n ${namespace ?? "default"} --backup-target primary${method}`;
  return when === "" ? command : `${command}, ${when}`;
}
