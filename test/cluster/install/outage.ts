import type { Client } from "../client.ts";

const inNamespace = "--namespace=migration-gate";

/** Until this returns no Pod of the gate is left; Flux, which would bring them back, is told to leave it so. */
export async function sendGateAway(client: Client): Promise<void> {
  await suspend(client, true);
  await client.kubectl(["scale", inNamespace, "deployment/migration-gate", "--replicas=0"]);
  const pods = ["pods", "--selector=app.kubernetes.io/name=migration-gate"];
  await client.kubectl(["wait", inNamespace, ...pods, "--for=delete", "--timeout=60s"]);
}

/** Brings it back as it was; returns when its Pods are Ready. */
export async function bringGateBack(client: Client): Promise<void> {
  await suspend(client, false);
  await client.kubectl(["scale", inNamespace, "deployment/migration-gate", "--replicas=2"]);
  await client.kubectl(["rollout", "status", inNamespace, "deployment/migration-gate", "--timeout=2m"]);
}

async function suspend(client: Client, isSuspended: boolean): Promise<void> {
  const patch = JSON.stringify({ spec: { suspend: isSuspended } });
  const kustomization = ["--namespace=flux-system", "kustomization/migration-gate"];
  await client.kubectl(["patch", ...kustomization, "--type=merge", "--patch", patch]);
}
