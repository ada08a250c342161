import { findSandbox, startCluster } from "./cluster.ts";
import { installEnvironment } from "./environment.ts";

/** `npm run cluster:up [name]`: the cluster of the scenarios, to stay until `cluster:down`. */
const name = process.argv[2] ?? "main";
const say = (line: string) => void process.stderr.write(`${line}\n`);
if (findSandbox(name) !== undefined) throw new Error(`cluster ${name} runs already: npm run cluster:down ${name}`);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void interrupted());
const cluster = await startCluster({ name, node: true, outlives: true }, say);
try {
  await installEnvironment(cluster.client, say);
} catch (error) {
  say(`✘ the cluster is left as it is, for a look: KUBECONFIG=${cluster.client.kubeconfig}`);
  throw error;
}
process.stdout.write(`export KUBECONFIG=${cluster.client.kubeconfig}\n`);

/** Half a cluster is of no use to anybody. */
async function interrupted(): Promise<void> {
  await findSandbox(name)?.sandbox.stop();
  process.exit(130);
}
