import { Writable } from "node:stream";
import { selfSignedCertificate } from "../../src/adapters/certificate.ts";
import { createServer, type Observation, type Reviewed, type ServerOptions } from "../../src/adapters/http-server.ts";
import { createLog } from "../../src/adapters/log.ts";
import { createMetrics } from "../../src/adapters/metrics.ts";
import { receive } from "../../src/gate/receive.ts";

/** A gate that receives as the real one does and allows whatever could be read; its denials name the reason. */
export const allowing: ServerOptions["review"] = async (body, { endpoint }) => {
  const received = receive(body, endpoint);
  if (received.kind === "request") return reviewed(received.request.uid, { allowed: true });
  const message = `denied [MG-UNREADABLE]: ${received.reason}`;
  return reviewed(received.uid, { allowed: false, status: { code: 403, reason: "MigrationDenied", message } });
};

export function reviewed(uid: string, response: Omit<Reviewed["response"], "uid">): Reviewed {
  const decision = response.allowed ? ({ decision: "allow", code: "MG-ALLOWED", findings: [] } as const) : null;
  return { response: { uid, ...response }, decision };
}

/** The real server on a free port with its own certificate, its log lines and its metrics. */
export async function startServer(overrides: Partial<ServerOptions> = {}) {
  const lines: Record<string, unknown>[] = [];
  const observations: Observation[] = [];
  const metrics = createMetrics({ processMetrics: false });
  const certificate = await selfSignedCertificate(["localhost", "127.0.0.1"], new Date());
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const server = createServer({
    review: allowing,
    tls: certificate,
    ready: async () => [],
    metrics,
    observe: (observation) => {
      observations.push(observation);
      metrics.reviewed(observation);
    },
    limits: { deadlineMs: 3_500, concurrentReviews: 16, bodyBytes: 8 * 1024 * 1024 },
    log: createLog("debug", destination),
    ...overrides,
  });
  const port = await server.listen("127.0.0.1", 0);
  return { ...server, port, url: `https://127.0.0.1:${port}`, ca: certificate.cert, lines, observations };
}

export type RunningServer = Awaited<ReturnType<typeof startServer>>;
