/** Kubernetes' own nouns, as far as the gate reads them. */

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

export interface ObjectMeta {
  readonly name: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
}

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** The kinds the gate may read. There is no Secret among them, and there never will be. */
export type ReadableKind =
  | "ConfigMap"
  | "CronJob"
  | "Job"
  | "Namespace"
  | "PersistentVolumeClaim"
  | "Pod"
  | "ReplicaSet"
  | "Service"
  | "VolumeSnapshot"
  | "Backup"
  | "Cluster"
  | "Database"
  | "DatabaseRole"
  | "ObjectStore"
  | "Pooler"
  | "ScheduledBackup";

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface GroupVersionResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

export interface UserInfo {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export type Operation = "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

/** One admission request. `endpoint` says which registration asked: `/validate` or `/mutate`. */
export interface AdmissionRequest {
  readonly endpoint: "validate" | "mutate";
  readonly uid: string;
  readonly kind: GroupVersionKind;
  readonly resource: GroupVersionResource;
  readonly subResource: string;
  readonly name: string;
  readonly namespace: string;
  readonly operation: Operation;
  readonly userInfo: UserInfo;
  readonly object: KubernetesObject | null;
  readonly oldObject: KubernetesObject | null;
  readonly dryRun: boolean;
  readonly options: Readonly<Record<string, unknown>>;
}

/** What the API server gets back. `warnings` are shown to kubectl users, `auditAnnotations` go to the audit log. */
export interface AdmissionResponse {
  readonly uid: string;
  readonly allowed: boolean;
  readonly status?: { readonly code: 403; readonly reason: string; readonly message: string };
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: Readonly<Record<string, string>>;
}

/** How the gate treats a namespace: its label `migration-gate.dev/mode`; without the label it is `off`. */
export type Mode = "enforce" | "audit" | "off";

export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}
