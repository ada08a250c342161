import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import autocannon from "autocannon";
import { selfSignedCertificate } from "../../../src/adapters/certificate.ts";
import type { Manifest } from "../../deploy/objects.ts";
import type { Client } from "../client.ts";
import { type Cluster, startCluster } from "../cluster.ts";
import { definitions } from "../control-plane-scenario.ts";
import { type GateProcess, startGate } from "../gate-process.ts";
import { clusterOf, namespaceOf, storeObjects } from "../install/databases.ts";
import { inlineMigrationJob } from "../install/migrations.ts";
import { until } from "../sandbox/until.ts";
import { kubernetes } from "../versions.ts";
import { between, countOf, type Histogram, quantile, readHistogram } from "./histogram.ts";
import { type Figures, type Measured, printed, sectionOf } from "./report.ts";

/**
 * What the gate costs an API server: creations of a Job by 50 connections, without a webhook, with one that answers
 * "allowed", and with the gate, turn and turn about in one run. A real API server with the two webhooks as processes beside it,
 * all of them and the load on one machine: only the ratios mean anything.
 */
const { values } = parseArgs({
  options: { smoke: { type: "boolean" }, write: { type: "boolean" }, json: { type: "boolean" } },
});
const isSmoke = values.smoke === true;
const [amount, rounds, connections] = isSmoke ? [100, 1, 10] : [1_500, 5, 50];
const docs = join(import.meta.dirname, "../../../docs/performance.md");

/** The gate's registrations leave these two alone (docs/install.md), so that the first has no webhook and the second only the bare one. */
const namespaces = { none: "flux-system", bare: "cnpg-system", gate: "production" } as const;
type Webhook = keyof typeof namespaces;
const webhooks = ["none", "bare", "gate"] as const;
const adds = "ALTER TABLE users ADD COLUMN mobile text";
const drops = "ALTER TABLE users DROP COLUMN phone";
const names = { bare: "bare.migration-gate.dev", gate: "enforced-runs.migration-gate.dev" } as const;
const barePort = 8444;

const cluster = await startCluster({ name: `bench-${process.pid}`, node: false, outlives: false }, say);
const { client } = cluster;
const endings: (() => unknown)[] = [cluster.stop];
try {
  await client.apply(await definitions());
  await client.kubectl(["wait", "crd", "--all", "--for=condition=Established"]);
  await client.apply([namespaceOf("flux-system"), namespaceOf("production", { mode: "enforce" }), namespaceOf("bare")]);
  const database = { name: "app-postgres", namespace: "production", method: "plugin" } as const;
  await client.apply([...storeObjects("production"), clusterOf(database)]);
  const gate = await startGate(cluster);
  endings.unshift(gate.stop);
  await startBare(cluster);
  await rightAnswers(client);
  const figures = await measure(gate);
  if (!isSmoke) report(figures);
  else process.stdout.write("every request got the right answer, of the webhook it was for\n");
} finally {
  for (const end of endings) await end();
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The bare webhook and its registration, which is asked about Jobs of one namespace. */
async function startBare({ sandbox }: Cluster): Promise<void> {
  const host = sandbox.address.replace(/\.2$/, ".1");
  const folder = join(sandbox.folder, "bare");
  const { cert, key } = await selfSignedCertificate(["bare.bare.svc"], new Date());
  mkdirSync(folder);
  writeFileSync(join(folder, "tls.crt"), cert);
  writeFileSync(join(folder, "tls.key"), key, { mode: 0o600 });
  const program = ["--import", "tsx", join(import.meta.dirname, "bare-webhook.ts")];
  const bare = spawn(process.execPath, [...program, folder, host, `${barePort}`], { stdio: "inherit" });
  endings.unshift(() => bare.kill());
  await client.apply([
    {
      ...{ apiVersion: "v1", kind: "Service", metadata: { name: "bare", namespace: "bare" } },
      spec: { type: "ExternalName", externalName: host },
    },
    {
      ...{ apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingWebhookConfiguration" },
      metadata: { name: "bare" },
      webhooks: [
        {
          ...{ name: names.bare, failurePolicy: "Fail", sideEffects: "None", timeoutSeconds: 5 },
          admissionReviewVersions: ["v1"],
          clientConfig: {
            service: { name: "bare", namespace: "bare", path: "/validate", port: barePort },
            caBundle: Buffer.from(cert).toString("base64"),
          },
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespaces.bare } },
          rules: [{ apiGroups: ["batch"], apiVersions: ["v1"], resources: ["jobs"], operations: ["CREATE"] }],
        },
      ],
    },
  ]);
}

/** Suspended, so that what is measured is the Job and not the Pods that its controller makes. */
function jobIn(namespace: string, sql: string): Manifest {
  const job = inlineMigrationJob({ name: "load", namespace, cluster: "app-postgres" }, sql);
  const { name: _, ...metadata } = Object(job["metadata"]);
  const spec = { ...Object(job["spec"]), suspend: true };
  return { ...job, metadata: { ...metadata, generateName: "load-" }, spec };
}

/** Before anything is measured: everywhere it may be created, and only where the gate is asked a destructive one may not. */
async function rightAnswers(admin: Client): Promise<void> {
  const create = (namespace: string, sql: string) =>
    admin.attempt(["create", "--dry-run=server", "--filename", "-"], JSON.stringify(jobIn(namespace, sql)));
  await until("the bare webhook answers", async () => {
    return (await create(namespaces.bare, adds)).code === 0 ? true : undefined;
  });
  for (const webhook of webhooks) {
    const [adding, dropping] = [await create(namespaces[webhook], adds), await create(namespaces[webhook], drops)];
    const expected = webhook === "gate" ? "denied [MG-DENIED]" : "";
    if (adding.code !== 0 || !dropping.stderr.includes(expected) || (expected === "") !== (dropping.code === 0))
      throw new Error(`wrong answers in ${namespaces[webhook]}: ${adding.stderr}${dropping.stderr}`);
  }
}

async function measure(gate: GateProcess): Promise<Figures> {
  for (const webhook of webhooks) await load(webhook, true, isSmoke ? 100 : 500);
  const before = await admissionTimes();
  const cpuBefore = await gauge(gate, "process_cpu_seconds_total");
  const measured: Measured[] = [];
  for (let round = 0; round < rounds; round += 1) measured.push(...(await measureRound(round)));
  const times = await admissionTimes();
  const cpuSeconds = (await gauge(gate, "process_cpu_seconds_total")) - cpuBefore;
  return {
    measured,
    asked: { bare: timesOf("bare", before, times), gate: timesOf("gate", before, times) },
    gateMemoryMb: (await gauge(gate, "process_resident_memory_bytes")) / 1024 / 1024,
    gateCpuMs: (cpuSeconds * 1000) / (amount * rounds * 2),
    run: { amount, rounds, connections, cores: cpus().length, node: process.version, kubernetes },
  };
}

/** Turn and turn about, so that whatever else the machine does meets all of them; nobody is always first. */
async function measureRound(round: number): Promise<readonly Measured[]> {
  const order = [...webhooks.slice(round % 3), ...webhooks.slice(0, round % 3)];
  const measured: Measured[] = [];
  for (const dryRun of [true, false]) {
    for (const webhook of order) measured.push({ webhook, dryRun, round, ...(await load(webhook, dryRun, amount)) });
  }
  return measured;
}

type Times = Readonly<Record<"bare" | "gate", Histogram>>;

/** Throws unless the API server asked this webhook about every Job; of a generated name that is taken it asks once more. */
function timesOf(webhook: keyof Times, before: Times, after: Times) {
  const asked = between(before[webhook], after[webhook]);
  const expected = amount * rounds * 2;
  if (countOf(asked) < expected)
    throw new Error(`the ${webhook} webhook was asked ${countOf(asked)} times, not ${expected}`);
  return { p50: quantile(asked, 0.5), p99: quantile(asked, 0.99) };
}

/** Creates so many Jobs; throws unless each was allowed. */
async function load(webhook: Webhook, dryRun: boolean, requests: number) {
  const namespace = namespaces[webhook];
  const result = await autocannon({
    url: `https://${cluster.sandbox.address}:6443/apis/batch/v1/namespaces/${namespace}/jobs${dryRun ? "?dryRun=All" : ""}`,
    ...{ method: "POST", body: JSON.stringify(jobIn(namespace, adds)), connections, amount: requests },
    headers: { authorization: "Bearer admin", "content-type": "application/json" },
    tlsOptions: { rejectUnauthorized: false },
  });
  if (result["2xx"] !== requests)
    throw new Error(
      `not all of ${requests} Jobs in ${namespace} were created: ${JSON.stringify(result.statusCodeStats)}`,
    );
  // autocannon's clock ticks once a second; each connection asks again at once, so the rate follows from how long one waits
  const rate = (connections * 1000) / result.latency.average;
  return { rate, p50: result.latency.p50, p99: result.latency.p99 };
}

async function admissionTimes(): Promise<Times> {
  const page = await client.kubectl(["get", "--raw", "/metrics"]);
  const of = (name: string) =>
    readHistogram(page, "apiserver_admission_webhook_admission_duration_seconds", { name, operation: "CREATE" });
  return { bare: of(names.bare), gate: of(names.gate) };
}

async function gauge(gate: GateProcess, name: string): Promise<number> {
  return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(await gate.metrics())?.[1]);
}

function report(figures: Figures): void {
  process.stdout.write(values.json === true ? `${JSON.stringify(figures, null, 2)}\n` : printed(figures));
  if (values.write !== true) return;
  const text = readFileSync(docs, "utf8");
  writeFileSync(
    docs,
    text.replace(/(<!-- bench:cluster[^>]*-->\n)[\s\S]*(<!-- \/bench:cluster -->)/, `$1${sectionOf(figures)}$2`),
  );
}
