import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { binariesOf, moduleOf } from "./build/binaries.ts";
import { imageArchives } from "./build/images.ts";
import { missingPackages } from "./build/packages.ts";
import { type Client, createClient } from "./client.ts";
import { startControlPlane } from "./sandbox/control-plane.ts";
import { startNode, volumes } from "./sandbox/node.ts";
import { attach, createSandbox, folderOf, isRunning, type Sandbox } from "./sandbox/sandbox.ts";
import { until } from "./sandbox/until.ts";

/** A cluster that was started here. */
export interface Cluster {
  readonly client: Client;
  readonly sandbox: Sandbox;
  /** What the API server was asked to do, a JSON object a line. */
  readonly auditLog: string;
  stop(): Promise<void>;
}

export interface Wanted {
  readonly name: string;
  /** With a node Pods run; without one the API is there in seconds. */
  readonly node: boolean;
  /** Whether it stays when this process ends. */
  readonly outlives: boolean;
}

/** Starts a cluster of bare Kubernetes. Throws, with nothing left behind, if anything is missing or does not come up. */
export async function startCluster({ name, node, outlives }: Wanted, say: (line: string) => void): Promise<Cluster> {
  const missing = await missingPackages();
  if (missing !== undefined) throw new Error(`Debian packages are missing: ${missing}`);
  const kubectl = join(await binariesOf(moduleOf("kubectl"), say), "kubectl");
  const archives = node ? await imageArchives(say) : [];
  const sandbox = await createSandbox(name, outlives);
  try {
    // at once, so that one that is interrupted from here on can be found and stopped
    writeFileSync(stateOf(name), JSON.stringify({ pid: sandbox.pid, address: sandbox.address, kubectl }));
    const kubeconfig = await startControlPlane(sandbox, say);
    const cluster = clusterIn(sandbox, createClient(kubectl, kubeconfig));
    if (node) await addNode(cluster, archives, say);
    return cluster;
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}

/** The cluster of that name, if it runs. */
export function findCluster(name: string): Cluster | undefined {
  const found = findSandbox(name);
  const kubeconfig = join(folderOf(name), "admin.kubeconfig");
  if (found === undefined || !existsSync(kubeconfig)) return undefined;
  return clusterIn(found.sandbox, createClient(found.kubectl, kubeconfig));
}

/** What runs of the cluster of that name, if only half of it. */
export function findSandbox(name: string): { readonly sandbox: Sandbox; readonly kubectl: string } | undefined {
  if (!existsSync(stateOf(name))) return undefined;
  const { pid, address, kubectl } = JSON.parse(readFileSync(stateOf(name), "utf8"));
  return isRunning(pid) ? { sandbox: attach(name, pid, address), kubectl } : undefined;
}

function clusterIn(sandbox: Sandbox, client: Client): Cluster {
  return { client, sandbox, auditLog: join(sandbox.folder, "audit.log"), stop: sandbox.stop };
}

function stateOf(name: string): string {
  return join(folderOf(name), "state.json");
}

async function addNode({ client, sandbox }: Cluster, archives: readonly string[], say: (line: string) => void) {
  await client.apply(volumes(sandbox.folder, 60));
  await startNode(sandbox, archives, say);
  await until("the node is Ready", () =>
    client.kubectl(["wait", "node/node", "--for=condition=Ready", "--timeout=5s"]),
  );
}
