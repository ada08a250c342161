import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject } from "../../src/model/kubernetes.ts";
import { client, configMap, connection, type Fields, job, shellJob, sqlJob } from "./manifests.ts";

/** An attack: what it is called, the rule that must price it, the objects that are applied. */
export type Attack = readonly [name: string, rule: string, objects: readonly KubernetesObject[]];
/** Something ordinary: its name and the objects that are applied. */
export type Ordinary = readonly [name: string, objects: readonly KubernetesObject[]];

const marks: readonly (readonly [mark: string, character: string])[] = [
  ["⏎", "\n"],
  ["␍", "\r"],
  ["␀", "\0"],
  ["⌁", "\uFEFF"],
];

function linesOf(file: string): readonly string[] {
  return readFileSync(join(import.meta.dirname, file), "utf8")
    .split("\n")
    .filter((line) => line !== "");
}

function unmarked(line: string): string {
  return marks.reduce((text, [mark, character]) => text.replaceAll(mark, character), line);
}

/** Lines of "rule   text", the text with ⏎ ␍ ␀ ⌁ for a newline, a carriage return, NUL and a byte-order mark. */
function attacks(file: string, objects: (text: string) => readonly KubernetesObject[]): readonly Attack[] {
  return linesOf(file).map((line) => {
    const [rule = "", text = ""] = line.split(/ +(.*)/s);
    return [text, rule, objects(unmarked(text))];
  });
}

export const sqlAttacks: readonly Attack[] = [
  ...attacks("sql.txt", (text) => sqlJob(text)),
  ...attacks("sql-going-on.txt", (text) => sqlJob(text, ["psql", "-f", "/sql/up.sql"])),
];

export const shellAttacks: readonly Attack[] = [
  ...attacks("sh.txt", (text) => shellJob("sh", text)),
  ...attacks("bash.txt", (text) => shellJob("bash", text)),
];

export const podAttacks: readonly Attack[] = linesOf("pods.jsonl").map((line) => {
  const [name, rule, objects]: [string, string, readonly Fields[]] = JSON.parse(line);
  return [name, rule, objects.map(unpacked)];
});

export const ordinarySql: readonly Ordinary[] = linesOf("sql-fine.txt").map((line) => [line, sqlJob(unmarked(line))]);

export const ordinaryWorkloads: readonly Ordinary[] = linesOf("workloads-fine.jsonl").map((line) => {
  const [name, objects]: [string, readonly Fields[]] = JSON.parse(line);
  return [name, objects.map(unpacked)];
});

interface Packed {
  readonly job?: readonly Fields[];
  readonly init?: readonly Fields[];
  readonly pod?: Fields;
  readonly map?: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** `{job, init, pod}` is a Job whose containers reach app-postgres unless they are `bare`; `{map, data}` a ConfigMap. */
function unpacked(object: Fields): KubernetesObject {
  const packed: Packed = object;
  if (packed.map !== undefined) return configMap(packed.map, packed.data ?? {});
  if (packed.job === undefined) return JSON.parse(JSON.stringify(object));
  const init = packed.init === undefined ? {} : { initContainers: packed.init.map(container) };
  return job(packed.job.map(container), { ...init, ...packed.pod });
}

function container({
  bare,
  env,
  ...fields
}: Fields & { readonly bare?: boolean; readonly env?: readonly unknown[] }): Fields {
  return { name: "m", image: client, env: [...(bare === true ? [] : connection), ...(env ?? [])], ...fields };
}

/** A change of one object: what is answered, and the change that must be named. null before: created; null after: deleted. */
export type ClusterChange = readonly [
  name: string,
  answer: "deny" | "warn",
  rule: string,
  before: KubernetesObject | null,
  after: KubernetesObject | null,
];

export const clusterChanges: readonly ClusterChange[] = linesOf("changes.jsonl").map((line) => JSON.parse(line));
