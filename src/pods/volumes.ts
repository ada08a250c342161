import { fields, items, stringsOf, textOf } from "../model/fields.ts";
import type { FileReading } from "../model/run.ts";
import type { PodContext } from "./containers.ts";

/** What a volume holds. */
export interface VolumeContent {
  /** by path within the volume */
  readonly files: ReadonlyMap<string, FileReading>;
  /** why there may be files beside these; null: there are certainly none */
  readonly open: string | null;
}

/** A volume of the PodSpec as far as the manifests say. */
export function volumeContent(name: string, pod: PodContext): VolumeContent {
  const volume = fields(items(pod.spec["volumes"]).find((item) => fields(item)["name"] === name));
  if (volume["configMap"] !== undefined) return configMapContent(fields(volume["configMap"]), pod);
  if (volume["secret"] !== undefined) return secretContent(fields(volume["secret"]), "secretName");
  if (volume["downwardAPI"] !== undefined) return downwardContent(fields(volume["downwardAPI"]));
  if (volume["projected"] !== undefined) {
    return merge(items(fields(volume["projected"])["sources"]).map((source) => projectedContent(fields(source), pod)));
  }
  const kind = Object.keys(volume).find((key) => key !== "name") ?? "a volume that the Pod does not define";
  return { files: new Map(), open: `volume ${name} (${kind}) is filled outside the manifests` };
}

type Json = Readonly<Record<string, unknown>>;

function projectedContent(source: Json, pod: PodContext): VolumeContent {
  if (source["configMap"] !== undefined) return configMapContent(fields(source["configMap"]), pod);
  if (source["secret"] !== undefined) return secretContent(fields(source["secret"]), "name");
  if (source["downwardAPI"] !== undefined) return downwardContent(fields(source["downwardAPI"]));
  const path = textOf(fields(source["serviceAccountToken"])["path"]);
  if (path !== "") return closed([[path, unknown("a service account token")]]);
  return { files: new Map(), open: `projected ${Object.keys(source)[0] ?? "source"} is known only when the Pod runs` };
}

function configMapContent(reference: Json, pod: PodContext): VolumeContent {
  const name = textOf(reference["name"]);
  const object = pod.configMaps.get(name)?.object ?? null;
  if (object === null && reference["optional"] === true) return closed([]);
  if (object === null) return { files: new Map(), open: `ConfigMap ${pod.namespace}/${name} was not found` };
  const place = `ConfigMap ${pod.namespace}/${name}`;
  const texts = Object.entries(stringsOf(object["data"])).map(
    ([key, text]) => [key, { kind: "text", text: [text], origin: { object: place, key, line: 1 } }] as const,
  );
  const binaries = Object.keys(fields(object["binaryData"])).map(
    (key) => [key, unknown(`binaryData of ${place}`)] as const,
  );
  const keys = new Map<string, FileReading>([...texts, ...binaries]);
  return select(keys, items(reference["items"]), (key) => unknown(`key ${key} is not in ${place}`));
}

/** A Secret is never read; which files it makes is known only where `items` lists them. */
function secretContent(reference: Json, nameField: "secretName" | "name"): VolumeContent {
  const reason = `from Secret ${textOf(reference[nameField])}`;
  const listed = items(reference["items"]);
  if (listed.length === 0) return { files: new Map(), open: reason };
  return select(new Map(), listed, () => unknown(reason));
}

function downwardContent(reference: Json): VolumeContent {
  return select(new Map(), items(reference["items"]), () => unknown("a field of the Pod"));
}

/** All keys, or those that `items` lists under the paths it gives them. */
function select(
  keys: ReadonlyMap<string, FileReading>,
  listed: readonly unknown[],
  missing: (key: string) => FileReading,
): VolumeContent {
  if (listed.length === 0) return { files: keys, open: null };
  return closed(
    listed.map((item) => {
      const key = textOf(fields(item)["key"]);
      return [textOf(fields(item)["path"]), keys.get(key) ?? missing(key)];
    }),
  );
}

/** Of two sources with one file the later one wins; one whose files are not known may hold any file of those before it. */
function merge(contents: readonly VolumeContent[]): VolumeContent {
  const files = new Map<string, FileReading>();
  for (const { files: added, open } of contents) {
    if (open !== null) for (const path of files.keys()) files.set(path, unknown(open));
    for (const [path, reading] of added) files.set(path, reading);
  }
  const open = contents.flatMap((content) => content.open ?? []);
  return { files, open: open.length === 0 ? null : open.join(", ") };
}

function closed(files: readonly (readonly [string, FileReading])[]): VolumeContent {
  return { files: new Map(files), open: null };
}

function unknown(reason: string): FileReading {
  return { kind: "unknown", reason };
}
