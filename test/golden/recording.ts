import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { KubernetesObject } from "../../src/model/kubernetes.ts";
import type { Clock, ObjectReader } from "../../src/ports.ts";

const folder = join(import.meta.dirname, "../fixtures/reviews");

/** One recorded AdmissionReview: the body as the API server sent it, and the registration it came by. */
export interface Recorded {
  readonly file: string;
  readonly endpoint: "validate" | "mutate";
  readonly body: { readonly request: RecordedRequest };
}

interface RecordedRequest {
  readonly operation: string;
  readonly dryRun: boolean;
  readonly subResource?: string;
  readonly object: KubernetesObject | null;
  readonly oldObject: KubernetesObject | null;
}

/** All of them, in order of arrival. */
export function recordedReviews(): readonly Recorded[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  return files.toSorted().map((file) => ({
    file,
    endpoint: file.includes("-mutate-") ? "mutate" : "validate",
    body: protectedNamespace(JSON.parse(readFileSync(join(folder, file), "utf8"))),
  }));
}

/** The recorded namespace bore the label of the recording webhook; here it is enforced. Nothing else is changed. */
function protectedNamespace(body: Recorded["body"]): Recorded["body"] {
  const { object, oldObject } = body.request;
  if ((object ?? oldObject)?.kind !== "Namespace") return body;
  return {
    ...body,
    request: {
      ...body.request,
      object: object === null ? null : enforced(object),
      oldObject: oldObject === null ? null : enforced(oldObject),
    },
  };
}

/**
 * The cluster behind the recording, moved on by each real request. Nothing was denied then, so every real request took
 * effect. The operator's status of Backups and ObjectStores was not recorded: it comes from the objects read at the end.
 */
export function createRecordedCluster(): ObjectReader & Clock & { apply(recorded: Recorded): void } {
  const objects = new Map<string, KubernetesObject>();
  const later = objectsAtTheEnd();
  let now = new Date(0);
  const key = (kind: string, namespace: string, name: string) => `${kind} ${namespace}/${name}`;
  const keyOf = ({ kind, metadata }: KubernetesObject) =>
    key(kind, kind === "Namespace" ? "" : (metadata.namespace ?? ""), metadata.name);
  return {
    now: () => now,
    get: async (kind, namespace, name) => objects.get(key(kind, namespace, name)) ?? null,
    list: async (kind, namespace) =>
      [...objects.values()].filter(
        (object) => object.kind === kind && (namespace === "" || object.metadata.namespace === namespace),
      ),
    apply({ body: { request } }) {
      const { object, oldObject, dryRun, subResource = "" } = request;
      now = latest([now, ...timesOf(object ?? oldObject)]);
      if (dryRun || subResource !== "") return;
      if (object !== null) objects.set(keyOf(object), withStatus(object, later.get(keyOf(object))));
      else if (oldObject !== null) objects.delete(keyOf(oldObject));
    },
  };
}

function withStatus(object: KubernetesObject, atTheEnd: KubernetesObject | undefined): KubernetesObject {
  return object["status"] === undefined ? { ...object, status: atTheEnd?.["status"] } : object;
}

function enforced(object: KubernetesObject): KubernetesObject {
  const labels = { ...object.metadata.labels, "migration-gate.dev/mode": "enforce" };
  return { ...object, metadata: { ...object.metadata, labels } };
}

function latest(times: readonly Date[]): Date {
  return new Date(Math.max(...times.map((time) => time.getTime())));
}

/** Requests bear no time of their own; those in the object's metadata tell when it was sent. */
function timesOf(object: KubernetesObject | null): readonly Date[] {
  const texts = JSON.stringify(object?.metadata ?? {}).match(/2026-11-24T\d\d:\d\d:\d\dZ/g) ?? [];
  return texts.map((text) => new Date(text));
}

function objectsAtTheEnd(): ReadonlyMap<string, KubernetesObject> {
  const files = ["backups.yaml", "clusters.yaml", "objectstores.yaml"];
  const items = files.flatMap((file): readonly KubernetesObject[] => {
    const list: { readonly items: readonly KubernetesObject[] } = parse(
      readFileSync(join(folder, "objects", file), "utf8"),
    );
    return list.items;
  });
  return new Map(items.map((item) => [`${item.kind} ${item.metadata.namespace}/${item.metadata.name}`, item]));
}
