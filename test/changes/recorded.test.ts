import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { changes } from "../../src/changes/index.ts";
import { receive } from "../../src/gate/receive.ts";
import type { ChangeFacts } from "../../src/model/change.ts";
import type { AdmissionRequest, KubernetesObject } from "../../src/model/kubernetes.ts";

/** Every review the API server of a real cluster sent, in order, against every change. */
const folder = new URL("../fixtures/reviews/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));

function items(name: string): readonly KubernetesObject[] {
  return parse(readFileSync(new URL(`objects/${name}.yaml`, folder), "utf8")).items;
}

const world = {
  clusters: items("clusters"),
  backups: items("backups"),
  objectStores: items("objectstores"),
  databases: items("databases"),
  volumeSnapshots: [],
  policies: { before: "", after: "" },
};

function request(file: string): AdmissionRequest {
  const received = receive(
    JSON.parse(readFileSync(new URL(file, folder), "utf8")),
    file.includes("-mutate-") ? "mutate" : "validate",
  );
  if (received.kind === "refused") throw new Error(received.reason);
  return received.request;
}

/** Like the gate: by resource first. */
function hits(review: AdmissionRequest, facts: ChangeFacts): readonly string[] {
  const { group, resource } = review.resource;
  const name = [group || "core", resource, review.subResource].filter((part) => part !== "").join("/");
  return changes
    .filter((change) => change.resources.includes(name))
    .flatMap((change) => change.check(review, facts).map((hit) => `${change.id}: ${hit.subject}: ${hit.display}`));
}

function factsFor({ userInfo: { username } }: AdmissionRequest): ChangeFacts {
  return {
    ...world,
    isOperator: username === "system:serviceaccount:cnpg-system:cnpg-manager",
    isInstanceManager: username === "system:serviceaccount:production:app-postgres",
  };
}

/** The first four digits of the file → what is found. All other reviews, the operator's and Kubernetes' own among them, pass. */
const dangerous: Readonly<Record<string, readonly string[]>> = {
  "0134": ["instances-lowered: Cluster production/app-postgres: instances 2 → 1 (no standby is left)"],
  "0142": [
    "archiver-removed: Cluster production/app-postgres: WAL archiver plugin barman-cloud.cloudnative-pg.io → not set",
  ],
  "0143": ["retention-shortened: ObjectStore production/store: retentionPolicy 7d → 1d"],
  "0147": ["database-absent: Database production/reports: ensure present → absent: drops database reports"],
  "0148": ["cluster-deleted: Cluster production/app-postgres: deletes the Cluster and its volumes"],
  "0149": ["backup-deleted: Backup production/before-0042: deletes the Backup"],
  "0150": ["scheduled-backup-deleted: ScheduledBackup production/nightly: deletes the ScheduledBackup"],
  "0151": ["pvc-deleted: PersistentVolumeClaim production/app-postgres-1: deletes a volume of the database"],
  "0152": [
    "object-store-deleted: ObjectStore production/store: deletes the ObjectStore that Cluster app-postgres uses",
    "object-store-deleted: ObjectStore production/store: deletes the ObjectStore that Cluster app-postgres-r1 uses",
  ],
  "0153": [
    "namespace-deleted: Namespace production: deletes Cluster app-postgres with it",
    "namespace-deleted: Namespace production: deletes Cluster app-postgres-r1 with it",
  ],
  "0154": [
    "recovery-misuse: Cluster production/app-postgres-r1: no WAL archiver: the recovered Cluster cannot be restored itself",
  ],
};

test("all recorded reviews are read", () => {
  expect(files).toHaveLength(170);
});

test("exactly the dangerous reviews are flagged, each for what it is", () => {
  const flagged = files.flatMap((file) => {
    const review = request(file);
    const found = hits(review, factsFor(review));
    return found.length === 0 ? [] : [[file.slice(0, 4), found] as const];
  });
  expect(Object.fromEntries(flagged)).toEqual(dangerous);
});

test.each([
  ["0136-cnpg-scale-down-validate-delete-persistentvolumeclaim.json", "pvc-deleted"],
  ["0149-cnpg-deletes-dry-validate-delete-backup-dry.json", "backup-deleted"],
])("%s passes or not by the account alone", (file, id) => {
  const review = request(file);
  const found = [false, true].map((isTrusted) =>
    hits(review, { ...world, isOperator: isTrusted, isInstanceManager: isTrusted }),
  );
  expect(found).toEqual([[expect.stringMatching(`^${id}: `)], []]);
});

test("a Cluster stripped down to its last-applied manifest and filled in again by CNPG has not changed", () => {
  const review = request("0118-cnpg-operator-status-validate-update-cluster.json");
  const written = review.oldObject?.metadata.annotations?.["kubectl.kubernetes.io/last-applied-configuration"] ?? "";
  const oldObject: KubernetesObject = JSON.parse(written);
  expect(hits({ ...review, oldObject }, factsFor(review))).toEqual([]);
  expect(hits({ ...review, object: oldObject, oldObject: review.object }, factsFor(review))).toEqual([]);
});
