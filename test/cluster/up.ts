import { dirname } from "node:path";
import { type Cluster, findCluster, findSandbox, startCluster } from "./cluster.ts";
import { installEnvironment } from "./environment.ts";

/**
 * `npm run cluster:up [name]`: the cluster of the scenarios, to stay until `cluster:down`. Prints what a shell needs to use it:
 * `eval "$(npm run --silent cluster:up)"`; one that runs already is only named.
 */
const name = process.argv[2] ?? "main";
const say = (line: string) => void process.stderr.write(`${line}\n`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void interrupted());
const { client } = findCluster(name) ?? (await start());
process.stdout.write(`export KUBECONFIG=${client.kubeconfig}\nexport PATH=${dirname(client.program)}:$PATH\n`);

async function start(): Promise<Cluster> {
  const cluster = await startCluster({ name, node: true, outlives: true }, say);
  try {
    await installEnvironment(cluster.client, say);
    return cluster;
  } catch (error) {
    say(`✘ the cluster is left as it is, for a look: KUBECONFIG=${cluster.client.kubeconfig}`);
    throw error;
  }
}

/** Half a cluster is of no use to anybody. */
async function interrupted(): Promise<void> {
  await findSandbox(name)?.sandbox.stop();
  process.exit(130);
}
