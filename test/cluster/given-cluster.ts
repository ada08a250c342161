import { existsSync } from "node:fs";
import { createClient } from "./client.ts";
import type { Surroundings } from "./scenario.ts";

/** What has to run in a cluster that was not started here, by namespace. */
const needed = {
  "flux-system": ["source-controller", "kustomize-controller", "helm-controller", "notification-controller"],
  "cnpg-system": ["cnpg-controller-manager", "barman-cloud"],
  "migration-gate": ["migration-gate"],
  "migration-gate-test": ["git", "s3", "receiver"],
} as const;

/**
 * A cluster that is there already, kind's for one, with what is installed in it. Throws with all that is missing; nothing is
 * installed or stopped.
 */
export async function openGivenCluster(kubeconfig: string, auditLog: string | undefined): Promise<Surroundings> {
  const client = createClient("kubectl", kubeconfig);
  const missing: string[] = [];
  for (const [namespace, names] of Object.entries(needed)) {
    for (const name of names) {
      const found = await client.read("apps/v1", "Deployment", namespace, name);
      if (found === undefined) missing.push(`Deployment ${namespace}/${name}`);
    }
  }
  if (auditLog === undefined) missing.push("the API server's audit log: MIGRATION_GATE_AUDIT_LOG=<file>");
  else if (!existsSync(auditLog)) missing.push(`the file ${auditLog} of MIGRATION_GATE_AUDIT_LOG`);
  if (missing.length > 0) throw new Error(`the cluster of ${kubeconfig} lacks:\n${missing.join("\n")}`);
  return { kubectl: client.program, kubeconfig, auditLog: auditLog ?? "" };
}
