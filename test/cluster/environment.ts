import { gateImage } from "./build/images.ts";
import type { Client } from "./client.ts";
import { barmanPluginObjects } from "./install/barman-plugin.ts";
import { cnpgObjects } from "./install/cnpg.ts";
import { fluxObjects } from "./install/flux.ts";
import { gateObjects, makePlatform, platform } from "./install/gate.ts";
import { gitObjects } from "./install/git.ts";
import { neighboursNamespace } from "./install/neighbours.ts";
import { receiverObjects } from "./install/receiver.ts";
import { s3Objects } from "./install/s3.ts";
import { openProxy } from "./proxy.ts";
import { cloneRepository, createRepository } from "./repository.ts";
import { openFlux } from "./witnesses/flux.ts";

type Say = (line: string) => void;

/** What every scenario finds: Flux, CloudNativePG with its plugin, Git, S3 and a receiver, and the gate as Flux installed it. */
export async function installEnvironment(client: Client, say: Say): Promise<void> {
  await installNeighbours(client, say);
  say("► CloudNativePG, barman-cloud plugin");
  await client.apply(await cnpgObjects("plugin"));
  await client.apply(await barmanPluginObjects());
  await rolledOut(client, "cnpg-system");
  await installGate(client, say);
}

/** Flux, and what a repository, a backup and an alert go to. */
export async function installNeighbours(client: Client, say: Say): Promise<void> {
  say("► Flux, Git, S3, receiver");
  await client.apply(await fluxObjects());
  await client.apply([neighboursNamespace, ...gitObjects(), ...s3Objects(), ...receiverObjects()]);
  await rolledOut(client, "flux-system");
  await rolledOut(client, "migration-gate-test");
}

/** The gate, as deploy/flux has it, from a platform repository that is pushed for it. */
async function installGate(client: Client, say: Say): Promise<void> {
  say("► the gate, by Flux");
  const proxy = await openProxy(client.program, client.kubeconfig);
  const repository = await createRepository(proxy, platform);
  try {
    await makePlatform(repository.folder, gateImage);
    await repository.commit("Install Migration Gate", {});
    await client.apply(gateObjects(repository.folder));
    await openFlux(client).wait("Kustomization", "migration-gate", ({ status }) => status === "True");
  } finally {
    repository.close();
    proxy.close();
  }
}

/** Changes files of the platform repository, and waits until Flux has brought them into the cluster. */
export async function changePlatform(
  client: Client,
  message: string,
  change: (folder: string) => void | Promise<void>,
): Promise<void> {
  const proxy = await openProxy(client.program, client.kubeconfig);
  const repository = await cloneRepository(proxy, platform);
  try {
    await change(repository.folder);
    const revision = await repository.commit(message, {});
    const flux = openFlux(client);
    await flux.reconcile("GitRepository", "migration-gate");
    await flux.wait(
      "Kustomization",
      "migration-gate",
      ({ status, attempted }) => status === "True" && attempted === revision,
      300,
    );
  } finally {
    repository.close();
    proxy.close();
  }
}

async function rolledOut(client: Client, namespace: string): Promise<void> {
  await client.kubectl(["rollout", "status", "deployment", `--namespace=${namespace}`, "--timeout=3m"]);
}
