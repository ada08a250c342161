import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type Certificate, readCertificate, selfSignedCertificate, watchCertificate } from "./adapters/certificate.ts";
import { systemClock } from "./adapters/clock.ts";
import { createFilesReader } from "./adapters/files.ts";
import { createMetricsServer, createServer } from "./adapters/http-server.ts";
import type { KubernetesReader } from "./adapters/kubernetes.ts";
import { createLog, type Log } from "./adapters/log.ts";
import { countFailures, createMetrics, type Metrics, withCacheState } from "./adapters/metrics.ts";
import { loadPolicies, watchPolicies } from "./adapters/policy-files.ts";
import { createPreviews } from "./adapters/previews.ts";
import { createSqlWorkers, type SqlWorkers } from "./adapters/sql-workers.ts";
import { type Config, readConfig } from "./config.ts";
import { createGate } from "./gate/review.ts";
import type { Policy } from "./model/policy.ts";
import { readPolicy } from "./policy.ts";
import type { Clock, ObjectReader } from "./ports.ts";

/** What a test or a demo puts in the place of the process' own. */
export interface Surroundings {
  readonly clock: Clock;
  readonly log: Log;
}

/** A gate that is being served. */
export interface Running {
  readonly port: number;
  /** PEM that a client trusts to reach a gate with a throw-away certificate */
  readonly certificate: string;
  /** Says "not ready" and goes on serving, so that nobody is sent here any more when `close` comes. */
  drain(): void;
  /** Answers what is under way, then stops everything. */
  close(): Promise<void>;
}

type Closers = (() => unknown)[]; // of parts that have been started, to be stopped in the reverse order

/** Starts the whole gate and returns once it is ready to judge. Throws, with everything stopped, if any part cannot start. */
export async function serve(config: Config, given: Partial<Surroundings> = {}): Promise<Running> {
  const closers: Closers = [];
  try {
    return await assemble(config, { clock: systemClock, log: createLog(config.logLevel), ...given }, closers);
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

async function assemble(config: Config, surroundings: Surroundings, closers: Closers): Promise<Running> {
  const { log, clock } = surroundings;
  const metrics = createMetrics();
  const certificate = await firstCertificate(config, clock);
  const workers = createSqlWorkers({
    ...{ threads: config.threads, cacheBytes: config.sqlCacheBytes },
    // Before the whole review's time is up, so that the denial can say what took so long.
    deadlineMs: Math.ceil(config.deadlineMs * 0.9),
  });
  closers.push(() => workers.close());
  const health = followHealth(certificate, workers, clock);
  const policies = await followPolicies(config, log, metrics, closers);
  const { reader, watches } = await openCluster(config, log, closers);
  const gate = createGate({
    ...{
      reader,
      analyzer: countFailures(workers, metrics),
      previews: createPreviews(),
      clock,
      policies,
      offline: false,
    },
    settings: {
      operatorAccounts: config.operatorAccounts,
      exemptNamespaces: [...config.exemptNamespaces, config.namespace],
      clusterDomain: config.clusterDomain,
    },
  });
  const page = withCacheState(metrics, watches);
  const server = createServer({
    ...{ review: gate.review, tls: certificate, ready: health.problems, observe: metrics.reviewed, log },
    metrics: config.metricsPort === 0 ? page : null,
    limits: config,
  });
  closers.push(() => server.close());
  const use = (next: Certificate) => {
    server.useCertificate(next);
    health.served(next);
    metrics.certificateExpires(next.expiresAt);
  };
  metrics.certificateExpires(certificate.expiresAt);
  if (!config.selfSigned) closers.push(followCertificate(config, surroundings, certificate, use));
  const port = await server.listen(config.host, config.port);
  if (config.metricsPort !== 0) {
    const metricsServer = createMetricsServer(page, log);
    closers.push(() => metricsServer.close());
    await metricsServer.listen(config.host, config.metricsPort);
  }
  await health.started;
  log.info({ port, metricsPort: config.metricsPort, policies: policies().length }, "ready");
  return { port, certificate: certificate.cert, drain: server.drain, close: () => closeAll(closers) };
}

async function closeAll(closers: Closers): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

async function firstCertificate({ selfSigned, tls, host, namespace }: Config, clock: Clock): Promise<Certificate> {
  if (!selfSigned) return await readCertificate(tls);
  const service = `migration-gate.${namespace}.svc`;
  return selfSignedCertificate(["localhost", "127.0.0.1", "migration-gate", service, host], clock.now());
}

/** The policies in force now. A bad change leaves them as they are, and says so. */
async function followPolicies(config: Config, log: Log, metrics: Metrics, closers: Closers) {
  const loaded = await loadPolicies(config.policies, readPolicy);
  let inForce = loaded.policies;
  metrics.policyLoaded(true);
  const watch = watchPolicies({
    ...{ directory: config.policies, read: readPolicy, loaded, everyMs: config.reloadMs },
    onChange(policies) {
      inForce = policies;
      log.info({ policies: policies.map(({ name }) => name) }, "policies reloaded");
    },
    onError(error) {
      metrics.policyReloadFailed();
      log.error({ err: error }, "policies not reloaded");
    },
  });
  closers.push(() => watch.close());
  return (): readonly Policy[] => inForce;
}

type OpenCluster = Pick<KubernetesReader, "watches"> & { readonly reader: ObjectReader };

/** A cluster that does not answer is no reason not to start: each review that needs it is denied with that reason. */
async function openCluster(config: Config, log: Log, closers: Closers): Promise<OpenCluster> {
  if (config.cluster !== "")
    return { reader: await createFilesReader([config.cluster], { live: true }), watches: () => [] };
  const { requestTimeoutMs, watchStaleMs, context, kubeconfig } = config;
  const place = { ...(context === "" ? {} : { context }), ...(kubeconfig === "" ? {} : { kubeconfig }) };
  const { createKubernetesReader } = await import("./adapters/kubernetes.ts");
  const reader = createKubernetesReader({ ...place, requestTimeoutMs, watchStaleMs, log });
  closers.push(() => reader.close());
  await reader.start();
  return { reader, watches: reader.watches };
}

/** What keeps the gate from working. A stale cache is not among it: that denies per request, and no other replica would know better. */
function followHealth(first: Certificate, workers: SqlWorkers, clock: Clock) {
  let areWorkersUp = false;
  let certificate = first;
  const started = workers.ready().then(() => {
    areWorkersUp = true;
  });
  started.catch(() => {}); // awaited by whoever starts the gate, unless another part fails first
  return {
    started,
    served: (next: Certificate) => {
      certificate = next;
    },
    problems: async () => [
      ...(certificate.expiresAt <= clock.now() ? ["the certificate has expired"] : []),
      ...(areWorkersUp ? [] : ["the SQL workers are not up yet"]),
    ],
  };
}

/** A new certificate is served from the next connection on; one that cannot be served leaves the old one, and says so. */
function followCertificate(
  config: Config,
  { log, clock }: Surroundings,
  current: Certificate,
  use: (next: Certificate) => void,
) {
  return watchCertificate({
    ...{ directory: config.tls, current, everyMs: config.reloadMs, now: clock.now },
    onChange(next) {
      use(next);
      log.info({ expiresAt: next.expiresAt.toISOString() }, "certificate reloaded");
    },
    onProblem: (error) => log.error({ err: error }, "certificate not reloaded, the old one stays"),
  });
}

/**
 * `serve` as a process: from its arguments until SIGTERM or SIGINT. On SIGTERM it goes on serving for a while as "not
 * ready", because Kubernetes sends requests until every node knows; a person's Ctrl-C does not wait.
 */
export async function serveUntilStopped(args: readonly string[]): Promise<void> {
  const config = await readConfig(args);
  const running = await serve(config);
  const stop = new AbortController();
  const options = { signal: stop.signal };
  const signals = (["SIGTERM", "SIGINT"] as const).map((name) => once(process, name, options).then(() => name));
  const name = await Promise.race(signals);
  running.drain();
  if (name === "SIGTERM") await sleep(config.drainMs);
  await running.close();
  stop.abort();
  await Promise.allSettled(signals);
}
