import { fields, items, textOf } from "../model/fields.ts";
import { containersOf } from "./containers.ts";

/** A ConfigMap that a PodSpec names, for whatever purpose. */
export interface ConfigMapUse {
  readonly name: string;
  /** every use of it says `optional: true` */
  readonly optional: boolean;
}

/** The ConfigMaps of a PodSpec in the order of first use: volumes, projected volumes, env and envFrom of every container. */
export function configMapReferences(spec: Readonly<Record<string, unknown>>): readonly ConfigMapUse[] {
  const uses = [
    ...items(spec["volumes"]).flatMap((volume) => volumeUses(fields(volume))),
    ...containersOf(spec, "").flatMap((container) => environmentUses(container.fields)),
  ];
  const byName = new Map<string, boolean>();
  for (const use of uses) {
    const name = textOf(use["name"]);
    if (name !== "") byName.set(name, (byName.get(name) ?? true) && use["optional"] === true);
  }
  return [...byName].map(([name, optional]) => ({ name, optional }));
}

type Reference = Readonly<Record<string, unknown>>;

function volumeUses(volume: Reference): readonly Reference[] {
  const projected = items(fields(volume["projected"])["sources"]);
  return [volume["configMap"], ...projected.map((source) => fields(source)["configMap"])].map(fields);
}

function environmentUses(container: Reference): readonly Reference[] {
  return [
    ...items(container["envFrom"]).map((source) => fields(fields(source)["configMapRef"])),
    ...items(container["env"]).map((entry) => fields(fields(fields(entry)["valueFrom"])["configMapKeyRef"])),
  ];
}
