import { findCluster } from "./cluster.ts";

/** `npm run cluster:status [name]`: what runs, how it is reached, and what is not well in it. */
const name = process.argv[2] ?? "main";
const cluster = findCluster(name);
if (cluster === undefined) {
  process.stdout.write(`no cluster ${name} runs here: npm run cluster:up\n`);
  process.exitCode = 1;
} else {
  const { client, auditLog, sandbox } = cluster;
  const pods = await client.kubectl(["get", "pods", "--all-namespaces", "--output=wide"]);
  const flux = await client.attempt(["get", "kustomizations,helmreleases", "--all-namespaces"]);
  const place = [`export KUBECONFIG=${client.kubeconfig}`, `audit log: ${auditLog}`, `logs: ${sandbox.folder}/logs`];
  process.stdout.write(`${[...place, "", pods, flux.stdout].join("\n")}\n`);
}
