import { afterAll } from "vitest";
import type { Manifest } from "../deploy/objects.ts";
import type { Client } from "./client.ts";
import { startCluster } from "./cluster.ts";
import { type GateProcess, startGate } from "./gate-process.ts";
import { barmanPluginObjects } from "./install/barman-plugin.ts";
import { cnpgObjects } from "./install/cnpg.ts";
import { type AuditLog, openAuditLog } from "./witnesses/audit.ts";

/** A control plane to itself, with the gate beside it. */
export interface ControlPlane {
  readonly client: Client;
  readonly gate: GateProcess;
  readonly audit: AuditLog;
}

/** Starts both at the top of a scenario's file; both are gone when the file ends. */
export async function openControlPlane(name: string): Promise<ControlPlane> {
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const cluster = await startCluster({ name: `${name}-${process.pid}`, node: false, outlives: false }, say);
  afterAll(cluster.stop);
  const gate = await startGate(cluster);
  afterAll(gate.stop);
  return { client: cluster.client, gate, audit: openAuditLog(cluster.auditLog) };
}

/** Kinds of CloudNativePG and of the plugin, their accounts and roles: all of a release that is not running in Pods. */
export async function definitions(): Promise<readonly Manifest[]> {
  const objects = [...(await cnpgObjects("plugin")), ...(await barmanPluginObjects())];
  const kinds = /^(Namespace|CustomResourceDefinition|ServiceAccount|(Cluster)?Role(Binding)?)$/;
  return objects.filter(({ kind }) => kinds.test(String(kind)));
}
