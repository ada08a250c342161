import type { FileObject } from "../adapters/files.ts";
import type { AdmissionRequest, KubernetesObject } from "../model/kubernetes.ts";
import { configMapReferences } from "../pods/config-maps.ts";
import { sources } from "../sources/index.ts";
import { resourceNames } from "./resource-names.ts";

/** An object as it would be asked about, with the file it stands in. */
export interface FileRequest {
  readonly request: AdmissionRequest;
  readonly file: FileObject;
}

/**
 * The requests that applying these objects would make: CREATE where nothing was before, else UPDATE; DELETE for what is
 * gone. A run that changed, or reads a ConfigMap that did, is asked about as if it were new: it will run again.
 */
export function requestsOf(now: readonly FileObject[], before: readonly FileObject[] | null): readonly FileRequest[] {
  const old = new Map((before ?? []).map((file) => [identity(file.object), file]));
  const present = new Set(now.map(({ object }) => identity(object)));
  const isChanged = ({ object }: FileObject) =>
    JSON.stringify(old.get(identity(object))?.object) !== JSON.stringify(object);
  const changed = new Set(now.filter(isChanged).map(({ object }) => identity(object)));
  const written = now.flatMap((file) => {
    const isRun = readsConfigMaps(file.object) !== null;
    const isAsked = changed.has(identity(file.object)) || reads(file.object, changed);
    if (!isAsked) return [];
    return asked(file, file.object, isRun ? null : (old.get(identity(file.object))?.object ?? null));
  });
  const gone = [...old.values()].filter(({ object }) => !present.has(identity(object)));
  return [...written, ...gone.flatMap((file) => asked(file, null, file.object))];
}

function identity({ apiVersion, kind, metadata }: KubernetesObject): string {
  return `${apiVersion.split("/")[0]} ${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
}

function reads(object: KubernetesObject, changed: ReadonlySet<string>): boolean {
  return (readsConfigMaps(object) ?? []).some((configMap) => changed.has(identity(configMap)));
}

/** The ConfigMaps that a run's Pod reads, null for what starts no Pod. */
function readsConfigMaps(object: KubernetesObject): readonly KubernetesObject[] | null {
  const source = sources.find(({ resource }) => resource === resourceOfKind(object));
  const template = source?.podSpec(object) ?? null;
  if (template === null) return null;
  return configMapReferences(template.spec).map(({ name }) => ({
    ...{ apiVersion: "v1", kind: "ConfigMap" },
    metadata: { ...object.metadata, name },
  }));
}

function resourceOfKind({ apiVersion, kind }: KubernetesObject): string {
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  return `${group === "" ? "core" : group}/${resourceNames[`${group}/${kind}`]}`;
}

/** Kinds that no source and no change reads make no request. */
function asked(
  file: FileObject,
  object: KubernetesObject | null,
  oldObject: KubernetesObject | null,
): readonly FileRequest[] {
  const [one, other] = [placed(object), placed(oldObject)];
  const subject = one ?? other;
  if (subject === null) return [];
  const slash = subject.apiVersion.indexOf("/");
  const group = slash === -1 ? "" : subject.apiVersion.slice(0, slash);
  const version = subject.apiVersion.slice(slash + 1);
  const resource = resourceNames[`${group}/${subject.kind}`];
  if (resource === undefined) return [];
  const operation = one === null ? "DELETE" : other === null ? "CREATE" : "UPDATE";
  const { name, namespace = "" } = subject.metadata;
  const request: AdmissionRequest = {
    ...{
      endpoint: "validate",
      uid: "",
      subResource: "",
      name,
      operation,
      object: one,
      oldObject: other,
      dryRun: false,
    },
    ...{ kind: { group, version, kind: subject.kind }, resource: { group, version, resource } },
    namespace: subject.kind === "Namespace" ? name : namespace,
    userInfo: { username: "migration-gate:cli", groups: [] },
    options: {},
  };
  return [{ request, file }];
}

const clusterScoped = new Set(["Namespace", "CustomResourceDefinition", "ClusterImageCatalog"]);

function placed(object: KubernetesObject | null): KubernetesObject | null {
  if (object === null || clusterScoped.has(object.kind)) return object;
  return { ...object, metadata: { ...object.metadata, namespace: object.metadata.namespace ?? "default" } };
}
