import { describe, expect, test } from "vitest";
import type { Change, ChangeFacts } from "../../src/model/change.ts";
import type { AdmissionRequest, KubernetesObject, Operation } from "../../src/model/kubernetes.ts";

export type Fields = Readonly<Record<string, unknown>>;

const resources: Readonly<Record<string, readonly [group: string, resource: string]>> = {
  Backup: ["postgresql.cnpg.io", "backups"],
  Cluster: ["postgresql.cnpg.io", "clusters"],
  Database: ["postgresql.cnpg.io", "databases"],
  ScheduledBackup: ["postgresql.cnpg.io", "scheduledbackups"],
  ObjectStore: ["barmancloud.cnpg.io", "objectstores"],
  PersistentVolumeClaim: ["", "persistentvolumeclaims"],
  Namespace: ["", "namespaces"],
  VolumeSnapshot: ["snapshot.storage.k8s.io", "volumesnapshots"],
  CustomResourceDefinition: ["apiextensions.k8s.io", "customresourcedefinitions"],
};

function resourceOf(kind: string): readonly [string, string] {
  const resource = resources[kind];
  if (resource === undefined) throw new Error(`no resource is known for kind ${kind}`);
  return resource;
}

/** An object of the namespace production. */
export function object(kind: string, name: string, fields: Fields = {}, metadata: Fields = {}): KubernetesObject {
  const [group] = resourceOf(kind);
  const apiVersion = group === "" ? "v1" : `${group}/v1`;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace: "production", uid: `uid-of-${name}`, ...metadata },
    ...fields,
  };
}

export function cluster(spec: Fields = {}, metadata: Fields = {}): KubernetesObject {
  return object("Cluster", "app-postgres", { spec }, metadata);
}

export function annotated(annotations: Readonly<Record<string, string>>): KubernetesObject {
  return cluster({ instances: 2 }, { annotations });
}

function request(
  operation: Operation,
  before: KubernetesObject | null,
  after: KubernetesObject | null,
): AdmissionRequest {
  const { kind, metadata } = after ?? before ?? cluster();
  const [group, resource] = resourceOf(kind);
  return {
    endpoint: "validate",
    uid: "e1f0",
    kind: { group, version: "v1", kind },
    resource: { group, version: "v1", resource },
    subResource: "",
    name: metadata.name,
    namespace: "production",
    operation,
    userInfo: { username: "ann", groups: ["system:authenticated"] },
    object: after,
    oldObject: before,
    dryRun: false,
    options: {},
  };
}

export function create(after: KubernetesObject): AdmissionRequest {
  return request("CREATE", null, after);
}

export function update(before: KubernetesObject, after: KubernetesObject): AdmissionRequest {
  return request("UPDATE", before, after);
}

export function remove(before: KubernetesObject): AdmissionRequest {
  return request("DELETE", before, null);
}

export const noFacts: ChangeFacts = {
  clusters: [],
  backups: [],
  objectStores: [],
  databases: [],
  volumeSnapshots: [],
  policies: { before: "", after: "" },
  isOperator: false,
  isInstanceManager: false,
};

/** One request and the lines that people are shown for it; none: it passes. */
export interface Case {
  readonly request: AdmissionRequest;
  readonly facts?: Partial<ChangeFacts>;
  readonly shows: readonly string[];
}

const collector = { username: "system:serviceaccount:kube-system:generic-garbage-collector", groups: [] };

/** Runs a change's table. Whatever it flags must pass as Kubernetes' own housekeeping and when only finalizers change. */
export function describeChange(change: Change, cases: Readonly<Record<string, Case>>): void {
  describe(change.id, () => {
    test.each(Object.entries(cases))("%s", (_name, { request, facts, shows }) => {
      const hits = change.check(request, { ...noFacts, ...facts });
      expect(hits.map(({ display }) => display)).toEqual(shows);
      expect(JSON.stringify(hits)).not.toMatch(/uid-of|s3cr3t/);
    });
    const flagged = Object.entries(cases).filter(([, { shows }]) => shows.length > 0);
    test("the table holds both what is flagged and what passes", () => {
      expect([flagged.length > 0, flagged.length < Object.keys(cases).length]).toEqual([true, true]);
    });
    test.each(
      flagged.flatMap(([name, flaggedCase]) => harmless(flaggedCase).map(([why, one]) => [name, why, one] as const)),
    )("%s: passes %s", (_name, _why, { request, facts }) => {
      expect(change.check(request, { ...noFacts, ...facts })).toEqual([]);
    });
  });
}

function harmless({ request, facts = {}, shows }: Case): readonly (readonly [string, Case])[] {
  const { oldObject } = request;
  const vary = (changed: Partial<AdmissionRequest>): Case => ({ request: { ...request, ...changed }, facts, shows });
  if (oldObject === null) return [];
  if (request.operation === "UPDATE") {
    const finalized = { ...oldObject, metadata: { ...oldObject.metadata, finalizers: ["cnpg.io/x"], generation: 9 } };
    return [
      ["when only finalizers change", vary({ object: finalized })],
      ["when only status changes", vary({ object: { ...oldObject, status: { phase: "Cluster in healthy state" } } })],
    ];
  }
  const leaving = { ...oldObject, metadata: { ...oldObject.metadata, deletionTimestamp: "2026-11-24T08:00:00Z" } };
  return [
    ["from the garbage collector", vary({ userInfo: collector })],
    ["while it is being deleted already", vary({ oldObject: leaving })],
  ];
}
