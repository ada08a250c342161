import type { KubernetesObject, ReadableKind } from "../../model/kubernetes.ts";

/** How a kind is asked for. `watched` ones are kept in memory; the others are read live, because a run hangs on their latest state. */
export interface Resource {
  readonly kind: ReadableKind;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly watched: boolean;
}

/** A rule of a ClusterRole, as data. */
interface AccessRule {
  readonly apiGroup: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const core = { group: "", version: "v1" };
const batch = { group: "batch", version: "v1" };
const cnpg = { group: "postgresql.cnpg.io", version: "v1" };
const live = { namespaced: true, watched: false };
const watched = { namespaced: true, watched: true };

/** Everything the gate may read. There is no Secret among it. */
export const resources: Readonly<Record<ReadableKind, Resource>> = {
  ConfigMap: { kind: "ConfigMap", plural: "configmaps", ...core, ...live },
  CronJob: { kind: "CronJob", plural: "cronjobs", ...batch, ...live },
  Job: { kind: "Job", plural: "jobs", ...batch, ...live },
  Namespace: { kind: "Namespace", plural: "namespaces", ...core, namespaced: false, watched: true },
  PersistentVolumeClaim: { kind: "PersistentVolumeClaim", plural: "persistentvolumeclaims", ...core, ...live },
  Pod: { kind: "Pod", plural: "pods", ...core, ...live },
  ReplicaSet: { kind: "ReplicaSet", plural: "replicasets", group: "apps", version: "v1", ...live },
  Service: { kind: "Service", plural: "services", ...core, ...watched },
  VolumeSnapshot: {
    kind: "VolumeSnapshot",
    plural: "volumesnapshots",
    group: "snapshot.storage.k8s.io",
    version: "v1",
    ...live,
  },
  Backup: { kind: "Backup", plural: "backups", ...cnpg, ...live },
  Cluster: { kind: "Cluster", plural: "clusters", ...cnpg, ...watched },
  Database: { kind: "Database", plural: "databases", ...cnpg, ...watched },
  DatabaseRole: { kind: "DatabaseRole", plural: "databaseroles", ...cnpg, ...watched },
  ObjectStore: { kind: "ObjectStore", plural: "objectstores", group: "barmancloud.cnpg.io", version: "v1", ...watched },
  Pooler: { kind: "Pooler", plural: "poolers", ...cnpg, ...watched },
  ScheduledBackup: { kind: "ScheduledBackup", plural: "scheduledbackups", ...cnpg, ...watched },
};

/** What the gate's account must be allowed, and nothing more: deploy/'s ClusterRole is compared with it. */
export const requiredAccess: readonly AccessRule[] = accessRules();

function accessRules(): readonly AccessRule[] {
  const rules = new Map<string, { apiGroup: string; resources: string[]; verbs: readonly string[] }>();
  for (const { group, plural, watched: isWatched } of Object.values(resources)) {
    const verbs = isWatched ? ["get", "list", "watch"] : ["get", "list"];
    const key = `${group} ${verbs}`;
    const rule = rules.get(key) ?? { apiGroup: group, resources: [], verbs };
    rule.resources.push(plural);
    rules.set(key, rule);
  }
  return [...rules.values()];
}

/** API path of a kind: all of it (namespace ""), those of a namespace, or one object. */
export function pathOf(resource: Resource, namespace: string, name = ""): string {
  const root = resource.group === "" ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const scope = resource.namespaced && namespace !== "" ? `/namespaces/${namespace}` : "";
  return `${root}${scope}/${resource.plural}${name === "" ? "" : `/${name}`}`;
}

/** Kubernetes' own rule for names of these kinds. Other names cannot exist, and one with dots only would leave its path. */
export function isName(name: string): boolean {
  return name.length <= 253 && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name);
}

/** Turns one item of a list, an event or an answer into an object; null if it is none. Items of lists come without their kind. */
export function toObject(value: unknown, resource: Resource): KubernetesObject | null {
  if (!isRecord(value) || !isRecord(value["metadata"])) return null;
  const { name, managedFields: _, ...metadata } = value["metadata"];
  if (typeof name !== "string") return null;
  const apiVersion = resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
  return { ...needed(value, resource.kind), apiVersion, kind: resource.kind, metadata: { ...metadata, name } };
}

/** Services are many and only their selector matters, so the rest of them is not kept. */
function needed(value: Record<string, unknown>, kind: ReadableKind): Record<string, unknown> {
  const { status: _, ...kept } = value;
  return kind === "Service" ? kept : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
