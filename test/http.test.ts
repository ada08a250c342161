import { once } from "node:events";
import { Agent, type RequestOptions, request as rawRequest } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";
import supertest from "supertest";
import { afterEach, describe, expect, it } from "vitest";
import { selfSignedCertificate } from "../src/adapters/certificate.ts";
import type { ServerOptions } from "../src/adapters/http-server.ts";
import { jobReview } from "./support/reviews.ts";
import { allowing, type RunningServer, reviewed, startServer } from "./support/server.ts";

const started: RunningServer[] = [];
async function start(overrides: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const server = await startServer(overrides);
  started.push(server);
  return server;
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.close()));
});

const post = (server: RunningServer, path = "/validate") => supertest(server.url).post(path).ca(server.ca);
const limits = { deadlineMs: 3_500, concurrentReviews: 16, bodyBytes: 8 * 1024 * 1024 };
const envelope = { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview" };
const denied = (uid: string, message: string) => ({
  ...envelope,
  response: {
    uid,
    allowed: false,
    status: { code: 403, reason: "MigrationDenied", message: `denied [MG-UNAVAILABLE]: ${message}` },
    auditAnnotations: { decision: "deny", code: "MG-UNAVAILABLE" },
  },
});
const never: ServerOptions["review"] = () => new Promise(() => {});

describe("a review is answered under its uid", () => {
  it.each(["/validate", "/mutate", "/validate?timeout=5s", "/mutate?timeout=5s"])(
    "on %s, and never with a patch",
    async (path) => {
      const answer = await post(await start(), path)
        .send(jobReview("uid-1"))
        .expect(200);
      expect(answer.body).toEqual({ ...envelope, response: { uid: "uid-1", allowed: true } });
      expect(answer.headers["content-type"]).toMatch(/^application\/json/);
    },
  );

  it.each([
    ["/validate", { endpoint: "validate", failOpen: false }],
    ["/mutate", { endpoint: "mutate", failOpen: false }],
    ["/validate/fail-open?timeout=5s", { endpoint: "validate", failOpen: true }],
    ["/mutate/fail-open", { endpoint: "mutate", failOpen: true }],
  ])("and the gate is told who asked on %s", async (path, expected) => {
    const seen: unknown[] = [];
    const server = await start({
      review: (body, asked, signal) => {
        seen.push(asked);
        return allowing(body, asked, signal);
      },
    });
    await post(server, path).send(jobReview("uid-1")).expect(200);
    expect(seen).toEqual([expected]);
  });

  it("in a dry-run too, and the log says that it was one", async () => {
    const server = await start();
    await post(server)
      .send(jobReview("uid-1", { dryRun: true }))
      .expect(200);
    expect(server.lines.filter(({ msg }) => msg === "review")).toMatchObject([{ uid: "uid-1", dryRun: true }]);
  });

  it("with every byte of the body in the gate's hands", async () => {
    const review = jobReview("uid-1", {
      tomorrow: { x: 1 },
      object: { apiVersion: "batch/v1", kind: "Job", n: 1, s: "1" },
    });
    let body: unknown;
    const server = await start({
      review: async (given) => {
        body = given;
        return reviewed("uid-1", { allowed: true });
      },
    });
    await post(server).send(review).expect(200);
    expect(body).toEqual(review);
  });
});

describe("what cannot be a review gets an HTTP status and no AdmissionReview", () => {
  const json = "application/json";
  const cases: Readonly<Record<string, readonly [number, string, string | Buffer]>> = {
    "malformed JSON": [400, json, '{"kind": "AdmissionReview", "request": {"uid": "uid-1"'],
    "an empty body": [400, json, ""],
    "bytes that are no UTF-8": [400, json, Buffer.from('{"request":{"uid":"\xff"}}', "latin1")],
    "another content type": [415, "text/plain", JSON.stringify(jobReview("uid-1"))],
    "a form": [415, "application/x-www-form-urlencoded", "uid=1"],
  };
  it.each(Object.entries(cases))("%s", async (_, [status, type, body]) => {
    const server = await start();
    const answer = await post(server)
      .set("content-type", type)
      .serialize((raw) => raw)
      .send(body);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({ error: expect.any(String) });
  });

  it("another path, and another method", async () => {
    const server = await start();
    await post(server, "/validate/x").send(jobReview("uid-1")).expect(404);
    await supertest(server.url).get("/validate").ca(server.ca).expect(404);
  });
});

describe("what the gate refuses keeps its uid", () => {
  const job = { group: "batch", version: "v1", kind: "Job" };
  const cases: Readonly<Record<string, readonly [Record<string, unknown>, Record<string, unknown>, string]>> = {
    "a wrong version": [{ apiVersion: "admission.k8s.io/v1beta1" }, {}, 'apiVersion must be "admission.k8s.io/v1"'],
    "an empty resource": [
      {},
      { resource: { group: "batch", version: "v1", resource: "" } },
      "request.resource.resource is empty",
    ],
    "an unknown operation": [
      {},
      { operation: "WATCH" },
      "request.operation must be one of CREATE, UPDATE, DELETE, CONNECT",
    ],
    "a kind that is not its resource's": [
      {},
      { resource: { group: "", version: "v1", resource: "configmaps" }, kind: job },
      "the kind does not belong to the resource",
    ],
    "an object that is not of its kind": [
      {},
      { kind: { ...job, kind: "CronJob" } },
      "object is not of the kind the request names",
    ],
    "a key that copying loses": [
      {},
      { object: JSON.parse('{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"a"},"data":{"__proto__":"x"}}') },
      "a key is named __proto__, which cannot be judged safely",
    ],
  };
  it.each(Object.entries(cases))("%s", async (_, [envelope, request, reason]) => {
    const review = { ...jobReview("uid-1", request), ...envelope };
    const answer = await post(await start())
      .send(JSON.stringify(review))
      .set("content-type", "application/json")
      .expect(200);
    expect(answer.body.response).toMatchObject({ uid: "uid-1", allowed: false });
    expect(answer.body.response.status).toMatchObject({ code: 403, message: `denied [MG-UNREADABLE]: ${reason}` });
  });

  it("an unknown kind is the gate's to judge, not the server's", async () => {
    const kind = { group: "example.com", version: "v1", kind: "Widget" };
    const request = { kind, resource: { group: "example.com", version: "v1", resource: "widgets" } };
    const object = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" } };
    const answer = await post(await start())
      .send(jobReview("uid-1", { ...request, object }))
      .expect(200);
    expect(answer.body.response).toEqual({ uid: "uid-1", allowed: true });
  });

  it("and without a uid the HTTP status says that no answer can count", async () => {
    const answer = await post(await start())
      .send(jobReview(""))
      .expect(400);
    expect(answer.body.response).toMatchObject({ uid: "", allowed: false });
  });
});

describe("size", () => {
  it("a review of 7 MiB is judged", async () => {
    const object = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a" },
      data: { x: "x".repeat(7 * 1024 * 1024) },
    };
    const gvk = { group: "", version: "v1", kind: "ConfigMap" };
    const resource = { group: "", version: "v1", resource: "configmaps" };
    const answer = await post(await start())
      .send(jobReview("uid-1", { kind: gvk, resource, object }))
      .expect(200);
    expect(answer.body.response.allowed).toBe(true);
  });

  it("a review of 9 MiB is denied under its uid, and the gate never sees it", async () => {
    const server = await start({ review: () => Promise.reject(new Error("must not be called")) });
    const answer = await post(server)
      .send(jobReview("uid-1", { options: { x: "x".repeat(9 * 1024 * 1024) } }))
      .expect(200);
    expect(answer.body).toEqual(denied("uid-1", "the request is larger than 8388608 bytes"));
  });

  it("a huge body without a readable uid is a 413", async () => {
    const answer = await post(await start()).send({ x: "x".repeat(9 * 1024 * 1024), ...jobReview("uid-1") });
    expect([answer.status, answer.body]).toEqual([413, { error: "the body is larger than 8388608 bytes" }]);
  });
});

describe("whatever fails inside, the answer is a denial with a reason", () => {
  it("a gate that hangs is answered for at the inner deadline, and told to stop", async () => {
    let stopped = false;
    const server = await start({
      limits: { ...limits, deadlineMs: 100 },
      review: (_body, _asked, signal) => {
        signal.addEventListener("abort", () => {
          stopped = true;
        });
        return new Promise(() => {});
      },
    });
    const answer = await post(server).send(jobReview("uid-1")).expect(200);
    expect(answer.body).toEqual(denied("uid-1", "no decision within 0.1 s"));
    expect(stopped).toBe(true);
  });

  it("a port that gives up at the deadline is the deadline's fault, not its own", async () => {
    const server = await start({
      limits: { ...limits, deadlineMs: 50 },
      review: (_body, _asked, signal) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    });
    const answer = await post(server).send(jobReview("uid-1")).expect(200);
    expect(answer.body).toEqual(denied("uid-1", "no decision within 0.05 s"));
  });

  const thrown: Readonly<Record<string, readonly [unknown, string]>> = {
    "an error": [new Error("syntax error at 's3cret'"), "the gate failed while judging it"],
    "an error with a code": [
      Object.assign(new Error("s3cret"), { code: "READ_TIMEOUT" }),
      "the gate failed while judging it (READ_TIMEOUT)",
    ],
    "something that is no error": ["s3cret", "the gate failed while judging it"],
    nothing: [undefined, "the gate failed while judging it"],
  };
  it.each(Object.entries(thrown))(
    "%s thrown, and neither answer nor log quotes what was judged",
    async (name, [error, message]) => {
      const server = await start({ review: () => Promise.reject(error) });
      const answer = await post(server).send(jobReview("uid-1")).expect(200);
      expect(answer.body).toEqual(denied("uid-1", message));
      expect(server.lines.filter(({ msg }) => msg === "review failed")).toHaveLength(1);
      if (name !== "an error with a code") expect(JSON.stringify(server.lines)).not.toContain("s3cret");
    },
  );

  it("a gate that throws before it returns a promise", async () => {
    const server = await start({
      review: () => {
        throw new Error("at once");
      },
    });
    const answer = await post(server).send(jobReview("uid-1")).expect(200);
    expect(answer.body).toEqual(denied("uid-1", "the gate failed while judging it"));
  });

  it("an answer to another request is not passed on", async () => {
    const server = await start({ review: async () => reviewed("uid-2", { allowed: true }) });
    const answer = await post(server).send(jobReview("uid-1")).expect(200);
    expect(answer.body).toEqual(denied("uid-1", "the gate answered another request"));
  });

  it("more reviews than it may run at once: the rest is told so at once, and the next one is judged again", async () => {
    const open: (() => void)[] = [];
    const review: ServerOptions["review"] = async (body, asked, signal) => {
      await new Promise<void>((resolve) => open.push(resolve));
      return allowing(body, asked, signal);
    };
    const server = await start({ review, limits: { ...limits, concurrentReviews: 2 } });
    const first = [1, 2].map((n) =>
      post(server)
        .send(jobReview(`uid-${n}`))
        .then((answer) => answer.body.response),
    );
    while (open.length < 2) await sleep(5);
    const third = await post(server).send(jobReview("uid-3")).expect(200);
    expect(third.body).toEqual(denied("uid-3", "the gate is busy"));
    for (const release of open.splice(0)) release();
    expect(await Promise.all(first)).toEqual([1, 2].map((n) => ({ uid: `uid-${n}`, allowed: true })));
    const fourth = post(server)
      .send(jobReview("uid-4"))
      .then((answer) => answer.body.response);
    while (open.length < 1) await sleep(5);
    for (const release of open) release();
    expect(await fourth).toEqual({ uid: "uid-4", allowed: true });
  });

  it("where the registration fails open it is let through with the same words as a warning", async () => {
    const server = await start({ review: never, limits: { ...limits, deadlineMs: 50 } });
    const answer = await post(server, "/validate/fail-open").send(jobReview("uid-1")).expect(200);
    expect(answer.body.response).toEqual({
      ...{ uid: "uid-1", allowed: true },
      warnings: ["not judged [MG-UNAVAILABLE]: no decision within 0.05 s"],
      auditAnnotations: { decision: "warn", code: "MG-UNAVAILABLE" },
    });
  });
});

describe("health and metrics", () => {
  it("is live while not ready, and says what is missing", async () => {
    const server = await start({ ready: async () => ["no policy is loaded", "the certificate has expired"] });
    await supertest(server.url).get("/livez").ca(server.ca).expect(200, "ok\n");
    await supertest(server.url)
      .get("/readyz")
      .ca(server.ca)
      .expect(503, "no policy is loaded\nthe certificate has expired\n");
  });

  it("is ready when nothing is missing, and not once it drains", async () => {
    const server = await start();
    await supertest(server.url).get("/readyz").ca(server.ca).expect(200, "ok\n");
    server.drain();
    await supertest(server.url).get("/readyz").ca(server.ca).expect(503, "shutting down\n");
    await post(server).send(jobReview("uid-1")).expect(200);
  });

  it("counts what it answered", async () => {
    const server = await start();
    await post(server).send(jobReview("uid-1")).expect(200);
    await post(server)
      .send(jobReview("uid-2", { operation: "PATCH" }))
      .expect(200);
    const page = await supertest(server.url).get("/metrics").ca(server.ca).expect(200);
    expect(page.headers["content-type"]).toMatch(/^text\/plain; version=/);
    expect(page.text).toContain(
      'migration_gate_reviews_total{operation="CREATE",kind="Job",decision="allow",code="MG-ALLOWED",dry_run="false"} 1',
    );
    expect(page.text).toContain('decision="deny",code="MG-UNREADABLE",dry_run="false"} 1');
  });

  it("serves no metrics where another port does", async () => {
    const server = await start({ metrics: null });
    await supertest(server.url).get("/metrics").ca(server.ca).expect(404);
  });
});

it("the log has one line a review, with names and neither statement nor body", async () => {
  const server = await start();
  await post(server).send(jobReview("uid-1")).expect(200);
  expect(server.lines.filter(({ uid }) => uid === "uid-1")).toEqual([
    {
      ...{
        level: 20, // debug: nothing was found
        time: expect.any(String),
        msg: "review",
        endpoint: "validate",
        uid: "uid-1",
        operation: "CREATE",
      },
      ...{ kind: "Job", namespace: "production", name: "mig", user: "ann", dryRun: false },
      ...{ decision: "allow", code: "MG-ALLOWED", findings: 0, milliseconds: expect.any(Number) },
    },
  ]);
  expect(JSON.stringify(server.lines)).not.toContain("SELECT");
});

describe("TLS", () => {
  const handshake = (server: RunningServer, version: "TLSv1.1" | "TLSv1.2" | "TLSv1.3") =>
    new Promise<string | null>((resolve, reject) => {
      const options = { port: server.port, host: "127.0.0.1", ca: server.ca, minVersion: version, maxVersion: version };
      const socket = connect({ ...options, ciphers: "DEFAULT:@SECLEVEL=0" }, () => {
        resolve(socket.getProtocol());
        socket.end();
      });
      socket.on("error", reject);
    });

  it("speaks 1.2 and 1.3", async () => {
    const server = await start();
    expect(await handshake(server, "TLSv1.2")).toBe("TLSv1.2");
    expect(await handshake(server, "TLSv1.3")).toBe("TLSv1.3");
  });

  it("refuses 1.1, by the server's own alert", async () => {
    await expect(handshake(await start(), "TLSv1.1")).rejects.toThrow(/alert protocol version/);
  });

  it("refuses 1.1 after a change of certificates too", async () => {
    const server = await start();
    server.useCertificate(await selfSignedCertificate(["127.0.0.1"], new Date()));
    await expect(handshake(server, "TLSv1.1")).rejects.toThrow(/alert protocol version/);
  });
});

/** One review over a given agent: what supertest cannot do, keeping a connection open over several requests. */
async function ask(options: RequestOptions, uid: string): Promise<{ uid: string; allowed: boolean }> {
  const body = JSON.stringify(jobReview(uid));
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const request = rawRequest({ host: "127.0.0.1", path: "/validate", method: "POST", ...options, headers });
  request.end(body);
  const [response] = await once(request, "response");
  let text = "";
  for await (const chunk of response) text += chunk;
  return JSON.parse(text).response;
}

async function sendMany(answers: ReturnType<typeof ask>[], options: RequestOptions, agents: readonly Agent[]) {
  for (let n = 0; n < 100; n += 1) {
    answers.push(ask({ ...options, agent: agents[n % agents.length] }, `uid-${answers.length}`));
    if (n % 10 === 0) await sleep(2);
  }
}

describe("without losing a request", () => {
  it("the certificate is changed under load, on open and on new connections", async () => {
    const server = await start();
    const next = await selfSignedCertificate(["localhost", "127.0.0.1"], new Date());
    const ca = [server.ca, next.cert];
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    const fresh = new Agent({ keepAlive: false });
    const answers: Promise<{ uid: string; allowed: boolean }>[] = [];
    const load = () => sendMany(answers, { port: server.port, ca }, [fresh, agent, agent, agent]);
    await load();
    server.useCertificate(next);
    await load();
    expect(await Promise.all(answers)).toEqual(answers.map((_, n) => ({ uid: `uid-${n}`, allowed: true })));
    expect(await ask({ port: server.port, ca: next.cert, agent: fresh }, "new")).toEqual({ uid: "new", allowed: true });
    await expect(ask({ port: server.port, ca: server.ca, agent: fresh }, "old")).rejects.toThrow(/self-signed/);
    agent.destroy();
  });

  it("it closes: what is under way is answered, then the doors are shut", async () => {
    const open: (() => void)[] = [];
    const review: ServerOptions["review"] = async (body, asked, signal) => {
      await new Promise<void>((resolve) => open.push(resolve));
      return allowing(body, asked, signal);
    };
    const server = await start({ review });
    const agent = new Agent({ keepAlive: true });
    const inFlight = [1, 2, 3].map((n) => ask({ port: server.port, ca: server.ca, agent }, `uid-${n}`));
    while (open.length < 3) await sleep(5);
    let isClosed = false;
    const closed = server.close().then(() => {
      isClosed = true;
    });
    await sleep(50);
    expect(isClosed).toBe(false);
    await expect(ask({ port: server.port, ca: server.ca }, "late")).rejects.toThrow(/ECONNREFUSED/);
    for (const release of open) release();
    expect(await Promise.all(inFlight)).toEqual([1, 2, 3].map((n) => ({ uid: `uid-${n}`, allowed: true })));
    await closed;
    agent.destroy();
  });

  it("it closes at once when all open connections are idle", async () => {
    const server = await start();
    const agent = new Agent({ keepAlive: true });
    await ask({ port: server.port, ca: server.ca, agent }, "uid-1");
    await server.close();
    agent.destroy();
  });
});
