import type { Command } from "./command.ts";

/** `serve`: the webhook, until it is told to stop. */
export const serve: Command = {
  name: "serve",
  usage: "serve [options]",
  summary: "run the admission webhook",
  help: `Serves /validate, /mutate, /livez, /readyz and /metrics over HTTPS. In a cluster it reads by its
service account; elsewhere by a kubeconfig context, or from a folder of YAML in place of a cluster.

  --policies DIR     policy files, read again when they change (default: ./policies)
  --tls DIR          folder with tls.crt and tls.key, read again when they change
  --self-signed      serve with a throw-away certificate instead
  --cluster DIR      a folder of YAML as the cluster, no Kubernetes
  --context NAME     kubeconfig context
  --port N           default 8443
  --config FILE      YAML with these and all other settings (docs/settings.md); GATE_* variables set them too

Exit code: 0 stopped by SIGTERM or SIGINT, 2 could not start.

  migration-gate serve --cluster examples/cluster --policies policies --self-signed`,
  async run(args) {
    // Server and Kubernetes client are half of what there is to load, and no other command needs them.
    const { serveUntilStopped } = await import("../main.ts");
    await serveUntilStopped(args);
    return 0;
  },
};
