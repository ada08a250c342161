import { fastify, LogController } from "fastify";
import { type Body, bodyParser } from "./http-server/body.ts";
import { logReview } from "./http-server/log-review.ts";
import {
  createReviewing,
  type Gone,
  type Observation,
  type Registration,
  type Reviewed,
  type Reviewing,
  type ReviewLimits,
} from "./http-server/reviewing.ts";
import type { Log } from "./log.ts";

export type { Observation, Reviewed } from "./http-server/reviewing.ts";

/** A private key and its certificate chain, PEM. */
interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/** The metrics page, as Prometheus reads it. */
export interface MetricsPage {
  readonly contentType: string;
  text(): Promise<string>;
}

export interface ServerOptions {
  /** the gate; may throw and may hang, the answer is a denial either way */
  review(body: unknown, registration: Registration, signal: AbortSignal): Promise<Reviewed>;
  readonly tls: KeyPair;
  /** what keeps the gate from working, in words; empty if nothing does */
  ready(): Promise<readonly string[]>;
  /** null: metrics are served elsewhere */
  readonly metrics: MetricsPage | null;
  observe(observation: Observation): void;
  readonly limits: ReviewLimits & { readonly bodyBytes: number };
  readonly log: Log;
}

export interface Server {
  /** Returns the port it listens on: `port` 0 takes a free one. */
  listen(host: string, port: number): Promise<number>;
  /** From now on new connections get this certificate; open ones keep theirs and lose nothing. */
  useCertificate(pair: KeyPair): void;
  /** Says "not ready" while still serving, so that the Service stops sending before the doors close. */
  drain(): void;
  /** Takes no more connections and returns when every review under way has been answered. */
  close(): Promise<void>;
}

/**
 * Time limits, in milliseconds. A review must have arrived whole before the API server (timeoutSeconds 5) gives up.
 * The API server keeps idle connections for 90 s; ours must live longer, or it writes into one that we are closing.
 */
const timeouts = { handshake: 5_000, request: 5_000, silence: 10_000, keepAlive: 120_000, checkEvery: 1_000 } as const;

/** HTTPS around the gate: `/validate`, `/mutate`, both with `/fail-open`, `/livez`, `/readyz` and, unless served elsewhere, `/metrics`. */
export function createServer(options: ServerOptions): Server {
  let draining = false;
  const app = secureApp(options);
  const observe = (observation: Observation) => {
    logReview(options.log, observation);
    options.observe(observation);
  };
  const reviewing = createReviewing({ review: options.review, limits: options.limits, observe });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", bodyParser(options.limits.bodyBytes));
  app.setErrorHandler<Error & { readonly statusCode?: number }>((error, _request, reply) => {
    const status = error.statusCode ?? 500;
    options.log.warn({ err: error, status }, "request refused");
    return reply.code(status).send({ error: status < 500 ? error.message : "internal error" });
  });
  addReviews(app, reviewing, options.limits.bodyBytes, () => draining);
  addHealth(app, async () => (draining ? ["shutting down"] : await options.ready()));
  if (options.metrics !== null) app.get("/metrics", metricsHandler(options.metrics));
  return {
    listen: (host, port) => listen(app, host, port),
    useCertificate: (pair) => app.server.setSecureContext({ ...pair, minVersion: "TLSv1.2" }),
    drain() {
      draining = true;
    },
    async close() {
      draining = true;
      await app.close();
    },
  };
}

function secureApp({ tls, log }: ServerOptions) {
  return fastify({
    https: {
      ...tls,
      minVersion: "TLSv1.2",
      handshakeTimeout: timeouts.handshake,
      headersTimeout: timeouts.request,
      connectionsCheckingInterval: timeouts.checkEvery,
    },
    requestTimeout: timeouts.request,
    connectionTimeout: timeouts.silence,
    keepAliveTimeout: timeouts.keepAlive,
    loggerInstance: log,
    // A review is logged by its uid: a logger of its own for every request would cost more than the request's parsing.
    childLoggerFactory: (logger) => logger,
    logController: new LogController({ disableRequestLogging: true }),
    exposeHeadRoutes: false,
    // A review that arrives on an open connection while we close is still judged: a 503 would be a failed call for Kubernetes.
    return503OnClosing: false,
    forceCloseConnections: "idle",
  });
}

type App = ReturnType<typeof secureApp>;

/** The registration is told by the path: Kubernetes allows no query in a webhook's service path. */
const registrations: Readonly<Record<string, Registration>> = {
  "/validate": { endpoint: "validate", failOpen: false },
  "/validate/fail-open": { endpoint: "validate", failOpen: true },
  "/mutate": { endpoint: "mutate", failOpen: false },
  "/mutate/fail-open": { endpoint: "mutate", failOpen: true },
};

function addReviews(app: App, reviewing: Reviewing, bodyBytes: number, isDraining: () => boolean): void {
  for (const [path, registration] of Object.entries(registrations)) {
    app.post<{ Body: Body }>(path, async ({ body }, reply) => {
      if (body.kind === "too-large") {
        return reviewing.refuse(body.uid, registration, `the request is larger than ${bodyBytes} bytes`);
      }
      const gone: Gone = (then) => reply.raw.once("close", then);
      const answer = await reviewing.answer(body.value, registration, reply.elapsedTime, gone);
      if (isDraining()) reply.header("connection", "close");
      // Without a uid no answer counts; the status says so to a person with curl.
      return reply.code(answer.response.uid === "" ? 400 : 200).send(answer);
    });
  }
}

function addHealth(app: App, problems: () => Promise<readonly string[]>): void {
  app.get("/livez", async () => "ok\n");
  app.get("/readyz", async (_request, reply) => {
    const found = await problems();
    return reply.code(found.length === 0 ? 200 : 503).send(`${found.join("\n") || "ok"}\n`);
  });
}

async function listen(app: App, host: string, port: number): Promise<number> {
  await app.listen({ host, port });
  const address = app.server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

function metricsHandler(metrics: MetricsPage) {
  return async (_request: unknown, reply: { type(contentType: string): unknown }) => {
    reply.type(metrics.contentType);
    return await metrics.text();
  };
}

/** The metrics page alone, over plain HTTP: for a port that only the cluster's own Prometheus reaches. */
export function createMetricsServer(metrics: MetricsPage, log: Log) {
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    requestTimeout: timeouts.request,
  });
  app.get("/metrics", metricsHandler(metrics));
  return {
    listen: async (host: string, port: number) => Number(new URL(await app.listen({ host, port })).port),
    close: () => app.close(),
  };
}
