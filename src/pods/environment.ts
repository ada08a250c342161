import { fields, items, stringsOf, textOf } from "../model/fields.ts";
import type { Unknown, Word } from "../model/run.ts";
import { anyVariable, displayWord } from "../model/word.ts";
import type { Container, PodContext } from "./containers.ts";
import { expandReferences } from "./expand.ts";

/**
 * A container's environment as the kubelet builds it: Services, then envFrom in order, then env in order, the later one
 * winning, `$(VAR)` reading what stands so far. A Secret taken as a whole (envFrom) may define any name: then
 * `anyVariable` is unknown.
 */
export function environmentOf(container: Container, pod: PodContext): ReadonlyMap<string, Word> {
  const env = new Map<string, Word>(serviceVariables(pod));
  for (const source of items(container.fields["envFrom"])) addSource(env, fields(source), pod);
  for (const item of items(container.fields["env"])) {
    const entry = fields(item);
    const name = textOf(entry["name"]);
    const value = readEntry(entry, name, env, pod);
    if (value === null) env.delete(name);
    else env.set(name, value);
  }
  return env;
}

/** The environment as a digest sees it: known values, and for the rest where they come from. */
export function describeEnvironment(env: ReadonlyMap<string, Word>): Readonly<Record<string, string>> {
  const named = [...env].filter(([name]) => !isServiceVariable(name));
  return Object.fromEntries(named.map(([name, word]) => [name, displayWord(word)]));
}

/** CNPG's Services reach every container of the namespace as variables (enableServiceLinks); their host stands for the address. */
function serviceVariables(pod: PodContext): readonly (readonly [string, Word])[] {
  if (pod.spec["enableServiceLinks"] === false) return [];
  const own = pod.clusters.filter(({ metadata }) => metadata.namespace === pod.namespace);
  return own.flatMap(({ metadata }) =>
    ["rw", "ro", "r"].flatMap((role) => {
      const service = `${metadata.name}-${role}`;
      const prefix = service.toUpperCase().replaceAll("-", "_");
      return [[`${prefix}_SERVICE_HOST`, [service]] as const, [`${prefix}_SERVICE_PORT`, ["5432"]] as const];
    }),
  );
}

function isServiceVariable(name: string): boolean {
  return /_(RW|RO|R)_SERVICE_(HOST|PORT)$/.test(name);
}

function addSource(env: Map<string, Word>, source: Readonly<Record<string, unknown>>, pod: PodContext): void {
  const prefix = textOf(source["prefix"]);
  const secret = fields(source["secretRef"]);
  if (textOf(secret["name"]) !== "") addAny(env, `from Secret ${textOf(secret["name"])}`, textOf(secret["name"]));
  const configMap = fields(source["configMapRef"]);
  const name = textOf(configMap["name"]);
  if (name === "") return;
  const object = pod.configMaps.get(name)?.object ?? null;
  if (object === null && configMap["optional"] !== true) addAny(env, notFound(name, pod), null);
  for (const [key, value] of Object.entries(stringsOf(object?.["data"]))) env.set(prefix + key, [value]);
}

/** Two Secrets, or one that was not found: whichever defines it, the value is unknown; one Secret alone is named with its key. */
function addAny(env: Map<string, Word>, unknown: string, secret: string | null): void {
  const before = env.get(anyVariable);
  const [part] = before ?? [];
  if (part !== undefined && typeof part !== "string") {
    env.set(anyVariable, [{ unknown: `${part.unknown} or ${unknown}` }]);
    return;
  }
  env.set(anyVariable, [secret === null ? { unknown } : { unknown, secret: { name: secret, key: anyVariable } }]);
}

/** null: the variable is certainly not set (an optional reference that leads nowhere) */
function readEntry(
  entry: Readonly<Record<string, unknown>>,
  name: string,
  env: ReadonlyMap<string, Word>,
  pod: PodContext,
): Word | null {
  const from = fields(entry["valueFrom"]);
  const secret = fields(from["secretKeyRef"]);
  if (textOf(secret["name"]) !== "") {
    return [secretPart(textOf(secret["name"]), textOf(secret["key"]))];
  }
  const configMap = fields(from["configMapKeyRef"]);
  if (textOf(configMap["name"]) !== "") return readKey(configMap, pod);
  const path = textOf(fields(from["fieldRef"])["fieldPath"]);
  if (path !== "") return readField(path, pod);
  if (Object.keys(from).length > 0) return [{ unknown: `variable ${name}, known only when the Pod runs` }];
  return expandReferences(textOf(entry["value"]), env);
}

function secretPart(name: string, key: string): Unknown {
  return { unknown: `from Secret ${name} key ${key}`, secret: { name, key } };
}

function readKey(reference: Readonly<Record<string, unknown>>, pod: PodContext): Word | null {
  const name = textOf(reference["name"]);
  const key = textOf(reference["key"]);
  const object = pod.configMaps.get(name)?.object ?? null;
  const value = stringsOf(object?.["data"])[key];
  if (value !== undefined) return [value];
  if (reference["optional"] === true) return null;
  return [
    { unknown: object === null ? notFound(name, pod) : `key ${key} is not in ConfigMap ${pod.namespace}/${name}` },
  ];
}

function notFound(name: string, pod: PodContext): string {
  return `ConfigMap ${pod.namespace}/${name} was not found`;
}

function readField(path: string, pod: PodContext): Word {
  if (path === "metadata.namespace") return [pod.namespace];
  if (path === "metadata.name" && pod.podName !== "") return [pod.podName];
  return [{ unknown: `field ${path} of the Pod` }];
}
