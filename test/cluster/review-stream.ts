import type { RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import autocannon from "autocannon";
import type { Manifest } from "../deploy/objects.ts";
import type { Client } from "./client.ts";
import { clusterOf, namespaceOf } from "./install/databases.ts";
import { inlineMigrationJob } from "./install/migrations.ts";
import type { AuditLog } from "./witnesses/audit.ts";

interface Streamed {
  /** How many were answered. */
  readonly answered: number;
  /** The answers that were not the right ones, and how often none came. */
  readonly wrong: readonly string[];
  readonly slowestMs: number;
}

export interface ReviewStream {
  stop(): Promise<Streamed>;
}

const cluster = "app-postgres";
const asked = [
  { name: "adds-mobile", sql: "ALTER TABLE users ADD COLUMN mobile text", code: 201, text: '"kind":"Job"' },
  {
    ...{ name: "drops-phone", sql: "ALTER TABLE users DROP COLUMN phone" },
    ...{ code: 403, text: "denied [MG-DENIED]: 1 statement may not run on Cluster" },
  },
] as const;

/**
 * Makes an enforced namespace, and in it dry-run creations of a migration that is allowed and of one that is denied, in turn:
 * twenty a second by four clients, each over a connection of its own, until it is stopped or ten minutes are over.
 */
export async function openReviewStream(client: Client, namespace: string): Promise<ReviewStream> {
  await client.apply([namespaceOf(namespace), target(namespace)]);
  await client.apply([namespaceOf(namespace, { mode: "enforce", policy: "production" })]);
  const { url, headers, tlsOptions } = await apiServerOf(client);
  const wrong: string[] = [];
  let end: (result: autocannon.Result) => void = () => undefined;
  const ended = new Promise<autocannon.Result>((resolve) => {
    end = resolve;
  });
  const load = autocannon(
    {
      url: `${url}/apis/batch/v1/namespaces/${namespace}/jobs?dryRun=All`,
      ...{ connections: 4, overallRate: 20, duration: 600, ignoreCoordinatedOmission: true },
      ...{ headers: { ...headers, "content-type": "application/json" }, tlsOptions },
      requests: asked.map(({ name, sql, code, text }) => ({
        ...{ method: "POST", body: JSON.stringify(inlineMigrationJob({ name, namespace, cluster }, sql)) },
        onResponse: (status: number, body: string) =>
          status === code && body.includes(text) ? undefined : wrong.push(`${status} ${body}`),
      })),
    },
    (_error, result) => end(result),
  );
  return {
    async stop() {
      load.stop();
      const { requests, latency, errors } = await ended;
      const unanswered = errors === 0 ? [] : [`${errors} had no answer`];
      return { answered: requests.total, wrong: [...wrong, ...unanswered], slowestMs: latency.max };
    },
  };
}

/**
 * What the audit log has of a stream: of each answer the HTTP status and the gate's own decision, "undefined" if it had none.
 * 504 stands for who did not wait for the answer, as those under way when the stream is stopped.
 */
export function decisions(audit: AuditLog, namespace: string): readonly string[] {
  return audit
    .events({ namespace, resource: "jobs", dryRun: true })
    .filter(({ code }) => code !== 504)
    .map(({ code, annotations }) => `${code} ${annotations["enforced-runs.migration-gate.dev/decision"]}`);
}

/** A Cluster to be read by the gate, without Pods: the operator is told to leave it alone. */
function target(namespace: string): Manifest {
  const object = clusterOf({ name: cluster, namespace, method: "plugin" });
  const annotations = { "cnpg.io/reconciliationLoop": "disabled" };
  return { ...object, metadata: { ...Object(object["metadata"]), annotations } };
}

/** Where the API server of a kubeconfig is, and what proves to it who asks. */
async function apiServerOf({ kubeconfig }: Client) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key, headers } = options;
  return { url: config.getCurrentCluster()?.server, headers: Object(headers), tlsOptions: { ca, cert, key } };
}
