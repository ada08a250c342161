import { findCluster } from "./cluster.ts";

/** `npm run cluster:down [name]`: ends the cluster that `cluster:up` started, and nothing else. */
const name = process.argv[2] ?? "main";
const cluster = findCluster(name);
await cluster?.stop();
process.stdout.write(cluster === undefined ? `no cluster ${name} runs here\n` : `✔ cluster ${name} is gone\n`);
