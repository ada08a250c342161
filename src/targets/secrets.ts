import { fields, items, textAt, valueAt } from "../model/fields.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import type { LocateFacts } from "../model/run.ts";
import type { Candidate } from "./candidate.ts";

/** Clusters whose credentials a Secret of this namespace holds, by CloudNativePG's names and by reference. No Secret is read. */
export function clustersOfSecret(secret: string, namespace: string, facts: LocateFacts): readonly Candidate[] {
  return facts.clusters
    .filter((cluster) => cluster.metadata.namespace === namespace)
    .flatMap((cluster) => {
      const database = databaseOfSecret(secret, cluster, facts);
      return database === null ? [] : [{ cluster, by: `Secret ${namespace}/${secret}`, readOnly: false, database }];
    });
}

/** The application database that the Cluster was made with; CloudNativePG's default is "app". */
function applicationDatabase(cluster: KubernetesObject): string {
  for (const method of Object.values(fields(valueAt(cluster, "spec", "bootstrap")))) {
    const database = textAt(method, "database");
    if (database !== "") return database;
  }
  return "app";
}

/** The database that who uses the Secret gets without naming one ("" if nothing says), null if it is not this Cluster's Secret. */
function databaseOfSecret(secret: string, cluster: KubernetesObject, facts: LocateFacts): string | null {
  const { name } = cluster.metadata;
  const bootstrap = Object.values(fields(valueAt(cluster, "spec", "bootstrap")));
  if (secret === `${name}-app` || bootstrap.some((method) => textAt(method, "secret", "name") === secret))
    return applicationDatabase(cluster);
  if (secret === `${name}-superuser` || secret === textAt(cluster, "spec", "superuserSecret", "name"))
    return "postgres";
  const role = roleOfSecret(secret, cluster, facts);
  return role === null ? null : databaseOfRole(role, cluster, facts);
}

function roleOfSecret(secret: string, cluster: KubernetesObject, facts: LocateFacts): string | null {
  const managed = items(valueAt(cluster, "spec", "managed", "roles")).find(
    (role) => textAt(role, "passwordSecret", "name") === secret,
  );
  if (managed !== undefined) return textAt(managed, "name");
  const object = facts.databaseRoles.find(
    (role) =>
      isOf(role, cluster) &&
      (textAt(role, "spec", "passwordSecret", "name") === secret || `${role.metadata.name}-client-cert` === secret),
  );
  return object === undefined ? null : textAt(object, "spec", "name");
}

/** A role that owns exactly one declared Database works in it; PostgreSQL itself would try one named like the role. */
function databaseOfRole(role: string, cluster: KubernetesObject, facts: LocateFacts): string {
  const owned = facts.databases.filter(
    (database) => isOf(database, cluster) && textAt(database, "spec", "owner") === role,
  );
  const [only] = owned;
  return owned.length === 1 && only !== undefined ? textAt(only, "spec", "name") : "";
}

function isOf(object: KubernetesObject, cluster: KubernetesObject): boolean {
  return (
    object.metadata.namespace === cluster.metadata.namespace &&
    textAt(object, "spec", "cluster", "name") === cluster.metadata.name
  );
}
