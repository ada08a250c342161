import { type Manifest, objectsIn } from "../../deploy/objects.ts";
import type { Files } from "../repository.ts";
import { images } from "../versions.ts";
import { cnpgObjects } from "./cnpg.ts";
import { backupOf, clusterOf, credentialsOf } from "./databases.ts";
import { gateObjects, platform } from "./gate.ts";
import { gitUrl } from "./git.ts";
import { migrationJob, sqlConfigMap } from "./migrations.ts";

/** The namespace of the shipped examples; the policy of production names it. */
const namespace = "production";
export const shop = { name: "app-postgres", namespace, method: "in-tree" } as const;

/** What a release of the shop runs before its app. */
export interface Release {
  readonly name: string;
  readonly sql: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** What an administrator applies by hand to a cluster that has Flux, as `flux bootstrap` does: one repository, one Kustomization. */
export const bootstrap: readonly Manifest[] = [
  {
    ...{ apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository" },
    metadata: { name: "flux-system", namespace: "flux-system" },
    spec: { url: gitUrl(platform), ref: { branch: "main" }, interval: "1h" },
  },
  { ...kustomization("flux-system", "fleet"), spec: { ...specOf("fleet"), wait: false } },
];

/** The operator, in a Kustomization of its own. */
export async function operatorFiles(): Promise<Files> {
  return {
    "cnpg/cnpg.yaml": await cnpgObjects("inTree"),
    "fleet/cnpg.yaml": [kustomization("cnpg", "cnpg")],
  };
}

/**
 * deploy/flux/gate.yaml, in two files because it is taken away in two commits; its overlay is in the same repository, whose
 * `folder` this is. In place of what cert-manager would make, the Secret is there.
 */
export function gateFiles(folder: string): Files {
  const objects = gateObjects(folder);
  const isFlux = ({ apiVersion }: Manifest) => String(apiVersion).includes(".toolkit.fluxcd.io/");
  return {
    "fleet/gate.yaml": objects.filter(isFlux).map(soon),
    "fleet/gate-certificate.yaml": objects.filter((object) => !isFlux(object)),
  };
}

/**
 * deploy/flux/namespace.yaml and release.yaml, a Cluster with its backups in tree, and an app that serves once it can read
 * `users`. With `needs`, the whole waits for these.
 */
export function shopFiles(
  release: Release,
  needs: readonly string[],
  labels?: Readonly<Record<string, string>>,
): Files {
  const dependsOn = needs.map((name) => ({ name }));
  const [labelled = {}] = objectsIn("deploy/flux/namespace.yaml");
  const metadata = Object(labelled["metadata"]);
  return {
    "fleet/shop.yaml": [
      { ...kustomization("shop-database", "apps/shop/database"), spec: { ...databaseSpec, dependsOn } },
      ...objectsIn("deploy/flux/release.yaml").map(soon).map(afterDatabase),
    ],
    "apps/shop/database/database.yaml": [
      { ...labelled, metadata: { ...metadata, labels: labels ?? metadata.labels } },
      ...[credentialsOf(namespace), clusterOf(shop)],
    ],
    "apps/shop/backup/backup.yaml": [backupOf(shop, "app-postgres-before-1-4-0")],
    "apps/shop/app/app.yaml": [app],
    ...releaseFiles(release),
  };
}

/** The migration alone: another release of the same shop. */
export function releaseFiles({ name, sql, annotations = {} }: Release): Files {
  const run = { name, namespace, cluster: shop.name, annotations };
  return { "apps/shop/migrate/job.yaml": [sqlConfigMap(run, sql), migrationJob(run)] };
}

function kustomization(name: string, path: string): Manifest {
  return {
    ...{ apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization" },
    metadata: { name, namespace: "flux-system" },
    spec: specOf(path),
  };
}

function specOf(path: string): Manifest {
  return {
    ...{ sourceRef: { kind: "GitRepository", name: "flux-system" }, path: `./${path}` },
    ...{ interval: "1h", retryInterval: "5s", timeout: "3m", prune: true, wait: true },
  };
}

/** A Cluster that no operator has looked at yet has no condition at all, and would count as ready. */
const databaseSpec: Manifest = {
  ...specOf("apps/shop/database"),
  healthCheckExprs: [
    {
      ...{ apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster" },
      current: "status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')",
    },
  ],
};

/** With pauses that suit a test. */
function soon(object: Manifest): Manifest {
  const spec = Object(object["spec"]);
  return object["kind"] === "Kustomization" ? { ...object, spec: { ...spec, retryInterval: "5s" } } : object;
}

/** The shipped release has its database already; this one gets it first, and from there on nobody else is waited for. */
function afterDatabase(object: Manifest): Manifest {
  const spec = Object(object["spec"]);
  const dependsOn = spec.dependsOn.map(({ name }: { readonly name: string }) => ({
    name: name === "migration-gate" ? "shop-database" : name,
  }));
  return { ...object, spec: { ...spec, dependsOn } };
}

const psql = ["psql", "--no-psqlrc", "--dbname=app", "--command=SELECT count(*) FROM users"];
const app: Manifest = {
  ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "shop", namespace } },
  spec: {
    selector: { matchLabels: { app: "shop" } },
    template: {
      metadata: { labels: { app: "shop" } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [
          {
            ...{ name: "shop", image: images.postgresql, command: ["sleep", "infinity"] },
            env: [variable("PGHOST", "host"), variable("PGUSER", "user"), variable("PGPASSWORD", "password")],
            readinessProbe: { exec: { command: psql }, periodSeconds: 2, timeoutSeconds: 5 },
          },
        ],
      },
    },
  },
};

function variable(name: string, key: string): Manifest {
  return { name, valueFrom: { secretKeyRef: { name: `${shop.name}-app`, key } } };
}
