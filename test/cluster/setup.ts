import type { TestProject } from "vitest/node";
import { type Cluster, findCluster, startCluster } from "./cluster.ts";
import { installEnvironment } from "./environment.ts";
import type { Surroundings } from "./scenario.ts";

const say = (line: string) => void process.stderr.write(`${line}\n`);

/**
 * The cluster that the scenarios share: that of KUBECONFIG, else the one that `cluster:up` left running, else one started for
 * this run and ended with it.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = findCluster("main");
  const cluster = running ?? (await startCluster({ name: "main", node: true, outlives: false }, say));
  const stop = async () => (running === undefined ? await cluster.stop() : undefined);
  try {
    if (running === undefined) await installEnvironment(cluster.client, say);
    project.provide("surroundings", surroundingsOf(cluster));
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

function surroundingsOf({ client, auditLog }: Cluster): Surroundings {
  return { kubectl: client.program, kubeconfig: client.kubeconfig, auditLog };
}
