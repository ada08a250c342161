import type { TestProject } from "vitest/node";
import { type Cluster, findCluster, startCluster } from "./cluster.ts";
import { installEnvironment } from "./environment.ts";
import { openGivenCluster } from "./given-cluster.ts";
import type { Surroundings } from "./scenario.ts";

const say = (line: string) => void process.stderr.write(`${line}\n`);

/**
 * The cluster that the scenarios share: that of KUBECONFIG, else the one that `cluster:up` left running, else one started for
 * this run and ended with it.
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env["KUBECONFIG"];
  if (given) {
    project.provide("surroundings", await openGivenCluster(given, process.env["MIGRATION_GATE_AUDIT_LOG"]));
    return undefined;
  }
  const running = findCluster("main");
  if (running !== undefined) {
    project.provide("surroundings", surroundingsOf(running));
    return undefined;
  }
  const cluster = await startCluster({ name: "main", node: true, outlives: false }, say);
  try {
    await installEnvironment(cluster.client, say);
    project.provide("surroundings", surroundingsOf(cluster));
    return cluster.stop;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

function surroundingsOf({ client, auditLog }: Cluster): Surroundings {
  return { kubectl: client.program, kubeconfig: client.kubeconfig, auditLog };
}
