import { afterAll, inject } from "vitest";
import type { Manifest } from "../deploy/objects.ts";
import { type Client, createClient, emergencyOf } from "./client.ts";
import { backupOf, clusterOf, namespaceOf, storeObjects } from "./install/databases.ts";
import { openProxy } from "./proxy.ts";
import { createRepository, type Files, type Repository } from "./repository.ts";
import { type AuditLog, openAuditLog } from "./witnesses/audit.ts";
import { type Database, openDatabase } from "./witnesses/database.ts";
import { type Flux, openFlux } from "./witnesses/flux.ts";

/** The cluster that the scenarios run in, as the setup hands it over: plain data, because each file runs in a process of its own. */
export interface Surroundings {
  readonly kubectl: string;
  readonly kubeconfig: string;
  readonly auditLog: string;
}

declare module "vitest" {
  interface ProvidedContext {
    surroundings: Surroundings;
  }
}

/** What a scenario has to itself: a namespace name, a Git repository that Flux follows, and the three witnesses. */
export interface Scenario {
  /** Its name, and that of its namespace and repository. */
  readonly name: string;
  /** Where the repository is checked out. */
  readonly folder: string;
  readonly client: Client;
  readonly flux: Flux;
  readonly audit: AuditLog;
  /** Commits to the repository, has Flux fetch it, and gives the revision. */
  commit(message: string, files: Files): Promise<string>;
  /** Has Flux apply a folder of the repository, under the name `<scenario>-<folder>`, which it gives. */
  follow(folder: string, spec?: Manifest): Promise<string>;
  /**
   * A namespace with a CNPG Cluster that archives and holds `schema`, made before the gate is asked for anything here; then the
   * namespace is labelled: enforced, by the policy of production, unless `labels` says otherwise.
   */
  startDatabase(schema: string, labels?: Labels): Promise<void>;
  /** Takes a base backup and waits until it is complete. */
  backup(name: string): Promise<void>;
  /** A database of the scenario's namespace. */
  database(cluster?: string): Database;
  /** URL of a Service's port, as reached from here. */
  urlOf(namespace: string, service: string, port: number | string): string;
}

type Labels = Parameters<typeof namespaceOf>[1];

/** Opens a scenario at the top of its file; what it made is taken away when the file ends. */
export async function openScenario(name: string): Promise<Scenario> {
  const { kubectl, kubeconfig, auditLog } = inject("surroundings");
  const client = createClient(kubectl, kubeconfig);
  // an earlier run's may still be on its way out
  await client.kubectl(["wait", `namespace/${name}`, "--for=delete", "--timeout=2m"]);
  const proxy = await openProxy(kubectl, kubeconfig);
  const repository = await createRepository(proxy, name);
  const flux = openFlux(client);
  afterAll(async () => {
    await tidyUp(client, name);
    repository.close();
    proxy.close();
  });
  return {
    ...{ name, folder: repository.folder, client, flux, urlOf: proxy.urlOf },
    audit: openAuditLog(auditLog),
    database: (cluster = "app-postgres") => openDatabase(client, name, cluster),
    startDatabase: (schema, labels = { mode: "enforce", policy: "production" }) =>
      startDatabase(client, name, schema, labels),
    async backup(backup) {
      await client.apply([backupOf({ name: "app-postgres", namespace: name, method: "plugin" }, backup)]);
      await client.kubectl([...["wait", `--namespace=${name}`, `backup/${backup}`], ...isCompleted]);
    },
    commit: (message, files) => commit(repository, client, flux, name, message, files),
    async follow(folder, spec = {}) {
      const kustomization = `${name}-${folder}`;
      await client.apply([kustomizationOf(name, folder, spec)]);
      return kustomization;
    },
  };
}

const isCompleted = ["--for=jsonpath={.status.phase}=completed", "--timeout=5m"];

async function startDatabase(client: Client, namespace: string, schema: string, labels: Labels): Promise<void> {
  const database = { name: "app-postgres", namespace, method: "plugin" } as const;
  await client.apply([namespaceOf(namespace), ...storeObjects(namespace), clusterOf(database)]);
  await client.kubectl([
    "wait",
    `--namespace=${namespace}`,
    "cluster/app-postgres",
    "--for=condition=Ready",
    "--timeout=4m",
  ]);
  await openDatabase(client, namespace, database.name).query(`SET ROLE app; ${schema}`);
  await client.apply([namespaceOf(namespace, labels)]);
}

/** Flux lets go first, so that nothing is made again; then the namespace goes, by the one group that need not ask. */
async function tidyUp(client: Client, name: string): Promise<void> {
  const of = ["--namespace=flux-system", "--selector", `scenario=${name}`];
  const names = await client.kubectl(["get", "kustomizations,helmreleases", ...of, "--output=name"]);
  for (const object of names.split("\n")) {
    if (object === "") continue;
    // who deletes a suspended one keeps what it made
    const letGo = JSON.stringify({ spec: { suspend: true } });
    await client.kubectl(["patch", "--namespace=flux-system", object, "--type=merge", "--patch", letGo]);
  }
  await client.kubectl([
    "delete",
    "kustomizations,helmreleases,helmcharts,gitrepositories,alerts,providers",
    ...of,
    "--timeout=2m",
  ]);
  const emergency = emergencyOf(client);
  await emergency.kubectl(["delete", "clusters.postgresql.cnpg.io", "--all", `--namespace=${name}`]);
  // a namespace waits for the longest grace of its Pods, which PostgreSQL has half an hour of
  await emergency.kubectl(["delete", "pods", "--all", `--namespace=${name}`, "--force", "--grace-period=0"]);
  await emergency.kubectl(["delete", "namespace", "--ignore-not-found", "--wait=false", name]);
}

async function commit(
  repository: Repository,
  client: Client,
  flux: Flux,
  name: string,
  message: string,
  files: Files,
): Promise<string> {
  const revision = await repository.commit(message, files);
  await client.apply([
    {
      ...{ apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository" },
      metadata: { name, namespace: "flux-system", labels: { scenario: name } },
      spec: { url: repository.url, ref: { branch: "main" }, interval: "1h" },
    },
  ]);
  await flux.reconcile("GitRepository", name);
  return revision;
}

/** As deploy/flux/release.yaml has it, with pauses that suit a test. */
function kustomizationOf(name: string, folder: string, spec: Manifest): Manifest {
  return {
    ...{ apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" },
    metadata: { name: `${name}-${folder}`, namespace: "flux-system", labels: { scenario: name } },
    spec: {
      ...{ sourceRef: { kind: "GitRepository", name }, path: `./${folder}` },
      ...{ interval: "1h", retryInterval: "5s", timeout: "2m", prune: true, wait: true },
      ...spec,
    },
  };
}
