import { createHash } from "node:crypto";
import { fields, items, textOf } from "../model/fields.ts";
import type { Mount } from "../model/run.ts";
import type { Container, PodContext } from "./containers.ts";
import { normalPath } from "./files.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * What volumes bring into a container from outside the Pod, for digests: a ConfigMap by its content, so that a hash suffix
 * in its name voids nothing and a swapped script everything; a Secret by name, so that it may be rotated. Volumes that the
 * Pod fills itself, and what Kubernetes adds to every Pod, are left out: a Job's Pod must have the Job's digest.
 */
export function mountsOf(container: Container, pod: PodContext): readonly Mount[] {
  return items(container.fields["volumeMounts"])
    .map(fields)
    .filter(({ mountPath }) => !textOf(mountPath).startsWith(serviceAccountFolder))
    .flatMap((mount) => readMount(mount, pod))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

const serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

function readMount(mount: Json, pod: PodContext): readonly Mount[] {
  const volume = fields(items(pod.spec["volumes"]).find((item) => fields(item)["name"] === mount["name"]));
  const sources =
    volume["projected"] === undefined ? [volume] : items(fields(volume["projected"])["sources"]).map(fields);
  const outside = sources.filter(
    (source) => !("emptyDir" in source || "downwardAPI" in source || "serviceAccountToken" in source),
  );
  if (outside.length === 0) return [];
  const below = textOf(mount["subPath"]) || textOf(mount["subPathExpr"]);
  const content = outside.map((source) => describe(source, pod)).join(" and ");
  const configMaps = outside.map((source) => textOf(fields(source["configMap"])["name"])).filter((name) => name !== "");
  return [
    {
      path: normalPath(textOf(mount["mountPath"])),
      content: below === "" ? content : `${below} of ${content}`,
      configMaps,
    },
  ];
}

function describe(source: Json, pod: PodContext): string {
  const [configMap, secret] = [fields(source["configMap"]), fields(source["secret"])];
  const name = textOf(configMap["name"]);
  if (name !== "") {
    const object = pod.configMaps.get(name)?.object ?? null;
    return `ConfigMap ${sha256([object?.["data"] ?? {}, object?.["binaryData"] ?? {}, configMap["items"] ?? []])}`;
  }
  const secretName = textOf(secret["secretName"]) || textOf(secret["name"]);
  if (secretName !== "") return `Secret ${secretName} ${JSON.stringify(secret["items"] ?? [])}`;
  const { name: _, ...written } = source;
  return JSON.stringify(written);
}

/** Keys in order: the API server may write them in another one. */
function sha256(value: unknown): string {
  const text = JSON.stringify(value, (_, held: unknown) =>
    Array.isArray(held) || typeof held !== "object" || held === null
      ? held
      : Object.fromEntries(Object.entries(held).sort(([one], [other]) => (one < other ? -1 : 1))),
  );
  return `sha256:${createHash("sha256").update(text, "utf8").digest("hex")}`;
}
