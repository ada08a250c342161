import { get as httpGet, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, get as httpsGet, type RequestOptions } from "node:https";
import { text } from "node:stream/consumers";
import type { KubeConfig } from "@kubernetes/client-node";

/** The API server answered, but not with what was asked for. */
export class ApiError extends Error {
  readonly code = "API_STATUS";
  readonly status: number;

  constructor(status: number) {
    super(`the API server answered ${status}`);
    this.name = "ApiError";
    this.status = status;
  }
}

/** One line of a watch. */
export interface WatchEvent {
  readonly type: string;
  readonly object: unknown;
}

/** GETs to the API server of a kubeconfig. Both calls end when `signal` does, whatever the server does or does not do. */
export interface ApiClient {
  getJson(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<unknown>;
  /** Calls `onEvent` for each line and returns when the server ends the watch; `onOpen` when it has accepted it. */
  watch(
    path: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
    listener: { onOpen(): void; onEvent(event: WatchEvent): void },
  ): Promise<void>;
  close(): void;
}

/**
 * client-node finds the cluster and keeps its credentials fresh; the requests are made here, because its own cannot be
 * given up while the server is silent (its Watch returns the means to abort only once the server has answered).
 */
export function createApiClient(config: KubeConfig): ApiClient {
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) throw new Error("the kubeconfig has no current cluster");
  const agents = new Map<string, HttpsAgent>();

  async function open(
    path: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const options: RequestOptions = {};
    await orAborted(config.applyToHTTPSOptions(options), signal);
    const url = new URL(`${server}${path}?${new URLSearchParams(query)}`);
    const agent = keptAlive(options, agents);
    const response = await send(url, { ...options, agent, signal });
    if (response.statusCode === 200) return response;
    response.resume();
    throw new ApiError(response.statusCode ?? 0);
  }

  return {
    getJson: async (path, query, signal) => {
      const response = await open(path, query, signal);
      return JSON.parse(await orAborted(text(response), signal));
    },
    watch: async (path, query, signal, { onOpen, onEvent }) => {
      const response = await open(path, query, signal);
      onOpen();
      response.setEncoding("utf8");
      let rest = "";
      for await (const chunk of response) {
        const lines = `${rest}${chunk}`.split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) onEvent(toEvent(JSON.parse(line)));
      }
    },
    close: () => {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

function toEvent(line: unknown): WatchEvent {
  const isEvent = typeof line === "object" && line !== null && "type" in line && "object" in line;
  if (!isEvent || typeof line.type !== "string") throw new Error("a line of the watch is no event");
  return { type: line.type, object: line.object };
}

/** client-node makes an agent a request; a handshake each time would cost more than the read, so equal ones are shared. */
function keptAlive(options: RequestOptions, agents: Map<string, HttpsAgent>): RequestOptions["agent"] {
  const { agent, ca, cert, key, servername, rejectUnauthorized } = options;
  if (!(agent instanceof HttpsAgent) || agent.constructor !== HttpsAgent) return agent;
  const identity = JSON.stringify([ca, cert, key].map(String).concat(String(servername), String(rejectUnauthorized)));
  const kept = agents.get(identity) ?? new HttpsAgent({ ...agent.options, keepAlive: true });
  agents.set(identity, kept);
  return kept;
}

async function send(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  try {
    return await sendOnce(url, options);
  } catch (error) {
    // The server may close an idle connection just as it is used again: nothing was read then, so ask once more.
    if (error instanceof StaleConnection) return await sendOnce(url, options);
    throw error;
  }
}

class StaleConnection extends Error {}

function sendOnce(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const get = url.protocol === "http:" ? httpGet : httpsGet;
    const request = get(url, options, resolve);
    request.on("error", (cause: Error & { code?: string }) => {
      reject(request.reusedSocket && cause.code === "ECONNRESET" ? new StaleConnection("closed", { cause }) : cause);
    });
  });
}

async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
