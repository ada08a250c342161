import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import supertest from "supertest";
import { afterEach, describe, expect, it, vi } from "vitest";
import { selfSignedCertificate } from "../src/adapters/certificate.ts";
import { createLog } from "../src/adapters/log.ts";
import { type Config, readConfig } from "../src/config.ts";
import { type Running, serve } from "../src/main.ts";
import { startApiServer } from "./support/api-server.ts";
import { jobReview } from "./support/reviews.ts";

const running: Running[] = [];
let lines: Record<string, unknown>[] = [];
const repository = new URL("..", import.meta.url).pathname;

async function start(settings: Partial<Config> = {}): Promise<Running> {
  lines = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const defaults = await readConfig(["--self-signed"], {});
  const cluster = await mkdtemp(join(tmpdir(), "cluster-"));
  const fast = {
    host: "127.0.0.1",
    port: 0,
    threads: 1,
    reloadMs: 100,
    policies: join(repository, "policies"),
    cluster,
  };
  const started = await serve({ ...defaults, ...fast, ...settings }, { log: createLog("info", destination) });
  running.push(started);
  return started;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ close }) => close()));
});
const client = ({ port }: Running) => supertest(`https://127.0.0.1:${port}`);
const eventually = (claim: () => Promise<void> | void) => vi.waitFor(claim, { timeout: 5_000, interval: 50 });

async function certificateFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tls-"));
  await writePair(folder, await selfSignedCertificate(["127.0.0.1"], new Date()));
  return folder;
}
async function writePair(folder: string, { key, cert }: { key: string; cert: string }): Promise<void> {
  await writeFile(join(folder, "tls.key"), key);
  await writeFile(join(folder, "tls.crt"), cert);
}
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

describe("the whole gate", () => {
  it("is ready when serve returns, judges by the real steps, and counts on a port of its own", async () => {
    const metricsPort = await freePort();
    const gate = await start({ metricsPort });
    await client(gate).get("/readyz").ca(gate.certificate).expect(200, "ok\n");
    const template = { spec: { containers: [{ name: "m", image: "busybox:1.37", command: ["true"] }] } };
    const object = { ...jobReview("").request.object, spec: { template } };
    const review = jobReview("uid-1", { object });
    const answer = await client(gate).post("/validate").ca(gate.certificate).send(review).expect(200);
    expect(answer.body.response).toMatchObject({
      uid: "uid-1",
      allowed: true,
      auditAnnotations: { decision: "allow" },
    });
    await client(gate).get("/metrics").ca(gate.certificate).expect(404);
    const page = await supertest(`http://127.0.0.1:${metricsPort}`).get("/metrics").expect(200);
    expect(page.text).toContain("migration_gate_policy_loaded 1\n");
    expect(page.text).toMatch(/migration_gate_certificate_expiry_timestamp_seconds 1\d{9}\n/);
    expect(page.text).toContain(
      '{operation="CREATE",kind="Job",decision="allow",code="MG-ALLOWED",dry_run="false"} 1\n',
    );
    await expect(start({ port: gate.port })).rejects.toThrow(/EADDRINUSE/);
  });

  it("denies what needs an API server that does not answer, within its deadline and with that reason", async () => {
    const api = await startApiServer();
    api.misbehave(/./, { kind: "silence" });
    const gate = await start({ cluster: "", kubeconfig: await api.kubeconfig(), requestTimeoutMs: 200 });
    await client(gate).get("/readyz").ca(gate.certificate).expect(200);
    const answer = await client(gate).post("/validate").ca(gate.certificate).send(jobReview("uid-1")).expect(200);
    expect(answer.body.response).toMatchObject({ uid: "uid-1", allowed: false, status: { code: 403 } });
    expect(answer.body.response.status.message).toContain("MG-UNAVAILABLE");
    expect(answer.body.response.status.message).toContain("have not been read yet: the API server has not answered");
    const page = await client(gate).get("/metrics").ca(gate.certificate).expect(200);
    expect(page.text).toContain('migration_gate_cache_synced{kind="Cluster"} 0\n');
    await api.close();
  });
});

describe("what changes while it runs", () => {
  it("a new certificate is served, also by the swap of a symlink as kubelet does it; a bad one is not", async () => {
    const [first, second] = [await certificateFolder(), await certificateFolder()];
    const mount = await mkdtemp(join(tmpdir(), "mount-"));
    await symlink(first, join(mount, "..data"));
    for (const name of ["tls.crt", "tls.key"]) await symlink(join("..data", name), join(mount, name));
    const gate = await start({ selfSigned: false, tls: mount });
    await client(gate).get("/livez").ca(gate.certificate).expect(200);
    await rm(join(mount, "..data"));
    await symlink(second, join(mount, "..data"));
    await eventually(() => expect(lines.some(({ msg }) => msg === "certificate reloaded")).toBe(true));
    await expect(client(gate).get("/livez").ca(gate.certificate)).rejects.toThrow(/self-signed/);
    await writeFile(join(second, "tls.crt"), "no certificate");
    await eventually(() =>
      expect(lines.some(({ msg }) => msg === "certificate not reloaded, the old one stays")).toBe(true),
    );
    await expect(client(gate).get("/livez").ca(gate.certificate)).rejects.toThrow(/self-signed/);
  });

  it("a certificate that expires is no longer ready", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tls-"));
    await writePair(folder, await selfSignedCertificate(["127.0.0.1"], new Date(Date.now() - 8 * 86_400_000)));
    const gate = await start({ selfSigned: false, tls: folder });
    const answer = await client(gate).get("/readyz").trustLocalhost().disableTLSCerts();
    expect([answer.status, answer.text]).toEqual([503, "the certificate has expired\n"]);
  });

  it("bad policies are said and counted, and the old ones stay in force", async () => {
    const policies = await mkdtemp(join(tmpdir(), "policies-"));
    await cp(join(repository, "policies", "develop.yaml"), join(policies, "develop.yaml"));
    const gate = await start({ policies });
    await writeFile(join(policies, "bad.yaml"), "kind: Nonsense\n");
    await eventually(async () => {
      const page = await client(gate).get("/metrics").ca(gate.certificate).expect(200);
      expect(page.text).toContain("migration_gate_policy_reload_failures_total 1\n");
    });
    await client(gate).get("/readyz").ca(gate.certificate).expect(200);
    expect(lines.filter(({ msg }) => msg === "policies not reloaded")).toHaveLength(1);
  });
});

describe("what cannot start says why and leaves nothing behind", () => {
  it.each([
    ["policies that are not there", { policies: "/nowhere" }, /\/nowhere/],
    ["a certificate that is not there", { selfSigned: false, tls: "/nowhere" }, /\/nowhere\/tls\.crt cannot be read/],
    ["a kubeconfig that is not there", { cluster: "", kubeconfig: "/nowhere" }, /\/nowhere/],
  ] as const)("%s", async (_, settings, message) => {
    await expect(start(settings)).rejects.toThrow(message);
  });
});

it("as a process: SIGTERM makes it not ready, what is under way is answered, and it ends with 0", async () => {
  const [port, folder] = [await freePort(), await certificateFolder()];
  const cluster = await mkdtemp(join(tmpdir(), "cluster-"));
  const args = [
    "--port",
    String(port),
    "--tls",
    folder,
    "--cluster",
    cluster,
    "--policies",
    join(repository, "policies"),
  ];
  const script = `import { serveUntilStopped } from "${repository}src/main.ts"; await serveUntilStopped(${JSON.stringify(args)});`;
  const env = { ...process.env, GATE_DRAIN_MS: "300", GATE_THREADS: "1" };
  const gate = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    cwd: repository,
    env,
  });
  const exit = once(gate, "exit");
  let log = "";
  gate.stderr.on("data", (chunk) => {
    log += chunk;
  });
  await vi.waitFor(() => expect(log).toContain('"msg":"ready"'), { timeout: 20_000, interval: 50 });
  const agent = supertest(`https://127.0.0.1:${port}`);
  // A dry-run waits for the preview of a ConfigMap that is not there: long enough to be stopped in the middle.
  const volumes = [{ name: "sql", configMap: { name: "sql" } }];
  const mounts = [{ name: "sql", mountPath: "/sql" }];
  const variables = [{ name: "PGHOST", value: "db-rw" }];
  const container = {
    name: "m",
    image: "postgres:17",
    command: ["psql", "-f", "/sql/up.sql"],
    env: variables,
    volumeMounts: mounts,
  };
  const object = {
    ...jobReview("").request.object,
    spec: { template: { spec: { volumes, containers: [container] } } },
  };
  const review = jobReview("uid-1", { object, dryRun: true });
  const answer = agent
    .post("/validate")
    .disableTLSCerts()
    .send(review)
    .then(({ body }) => body.response.uid);
  await vi.waitFor(async () => expect((await agent.get("/readyz").disableTLSCerts()).status).toBe(200));
  gate.kill("SIGTERM");
  await vi.waitFor(async () => expect((await agent.get("/readyz").disableTLSCerts()).status).toBe(503), {
    interval: 20,
  });
  expect(await answer).toBe("uid-1");
  expect(await exit).toEqual([0, null]);
});
