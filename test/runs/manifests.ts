import { type ExtractContext, extract } from "../../src/gate/extract.ts";
import type { KubernetesObject } from "../../src/model/kubernetes.ts";
import type { Run } from "../../src/model/run.ts";
import { contextOf } from "../corpus/corpus.ts";

type Json = Readonly<Record<string, unknown>>;

/** A carrier of this kind whose Pod has these containers and other fields; ids as in the sources catalogue. */
export function carrier(source: string, podSpec: Json): KubernetesObject {
  const template = { spec: podSpec };
  const metadata = { name: "it", namespace: "shop" };
  switch (source) {
    case "pod":
      return { apiVersion: "v1", kind: "Pod", metadata, spec: podSpec };
    case "cron-job":
      return { apiVersion: "batch/v1", kind: "CronJob", metadata, spec: { jobTemplate: { spec: { template } } } };
    case "job":
      return { apiVersion: "batch/v1", kind: "Job", metadata, spec: { template } };
    default:
      return { apiVersion: "apps/v1", kind: "Workload", metadata, spec: { template } };
  }
}

/** The run of a carrier with these objects around it. */
export function runOf(
  source: string,
  podSpec: Json,
  objects: readonly KubernetesObject[] = [],
  given: Partial<ExtractContext> = {},
): Promise<Run> {
  return extract(carrier(source, podSpec), source, contextOf(objects, given));
}

/** One container named "main". */
export function one(container: Json, more: Json = {}): Json {
  return { ...more, containers: [{ name: "main", image: "postgres:17", ...container }] };
}

export const configMap: KubernetesObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "sql", namespace: "shop" },
  data: { "up.sql": "DROP TABLE users;" },
};
