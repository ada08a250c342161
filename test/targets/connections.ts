import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import type { KubernetesObject } from "../../src/model/kubernetes.ts";
import type { Connection, LocateFacts, Step, Unknown } from "../../src/model/run.ts";

const read = new Map<string, readonly KubernetesObject[]>();

/** Objects of a recorded `kubectl get -o yaml`. */
export function recorded(file: string): readonly KubernetesObject[] {
  const known = read.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(new URL(`../fixtures/recovery/${file}.yaml`, import.meta.url), "utf8");
  const objects: readonly KubernetesObject[] = parseAllDocuments(text).flatMap((document) => document.toJS().items);
  read.set(file, objects);
  return objects;
}

export function cnpg(
  kind: string,
  name: string,
  spec: Readonly<Record<string, unknown>> = {},
  namespace = "production",
): KubernetesObject {
  return { apiVersion: "postgresql.cnpg.io/v1", kind, metadata: { name, namespace }, spec };
}

export function service(
  name: string,
  spec: Readonly<Record<string, unknown>>,
  labels: Readonly<Record<string, string>> = {},
  status: Readonly<Record<string, unknown>> = {},
): KubernetesObject {
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace: "production", labels }, spec, status };
}

export const noFacts: LocateFacts = {
  clusters: [],
  poolers: [],
  databases: [],
  databaseRoles: [],
  services: [],
  clusterDomain: "cluster.local",
};

export const fromSecret = (name: string, key: string): Unknown => ({
  unknown: `from Secret ${name}`,
  secret: { name, key },
});

/** A psql step with this connection; strings are known words. */
export function stepTo(connection: {
  readonly hosts?: readonly (string | Unknown)[];
  readonly database?: string | Unknown;
  readonly secrets?: readonly string[];
}): Step {
  const word = (part: string | Unknown | undefined) => (part === undefined || part === "" ? [] : [part]);
  const read: Connection = {
    hosts: (connection.hosts ?? []).map(word),
    port: ["5432"],
    database: word(connection.database),
    secrets: connection.secrets ?? [],
  };
  return {
    ...{
      container: "migrate",
      init: false,
      image: "postgres:17",
      argv: ["psql"],
      command: [["psql"]],
      tool: "psql",
      subcommand: null,
    },
    ...{
      destructive: null,
      options: [],
      sql: [],
      opaque: [],
      commands: [],
      dialect: "postgresql",
      environment: {},
      mounts: [],
    },
    ...{ connection: read, origin: { object: "Job production/mig", key: "", line: 1 } },
  };
}
