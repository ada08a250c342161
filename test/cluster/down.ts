import { findSandbox } from "./cluster.ts";

/** `npm run cluster:down [name]`: ends the cluster that `cluster:up` started, and nothing else. */
const name = process.argv[2] ?? "main";
const found = findSandbox(name);
await found?.sandbox.stop();
process.stdout.write(found === undefined ? `no cluster ${name} runs here\n` : `✔ cluster ${name} is gone\n`);
