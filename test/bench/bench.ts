import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import autocannon from "autocannon";
import { benchCases, benchObjects, coldJob } from "./cases.ts";

/** Throughput of the gate beside a bare server that answers "allowed", in one run on one machine (docs/performance.md). */
interface Row {
  readonly name: string;
  readonly connections: number;
  /** requests a second */
  readonly rps: number;
  /** milliseconds */
  readonly p50: number;
  readonly p99: number;
  /** of the bare server's throughput with the same body and connections */
  readonly ratio: number;
}

const { values } = parseArgs({ options: { json: { type: "boolean" }, smoke: { type: "boolean" } } });
const seconds = values.smoke === true ? 1 : 2;
const rounds = values.smoke === true ? 1 : 5;
const root = join(import.meta.dirname, "../..");
const agent = new Agent({ rejectUnauthorized: false, keepAlive: true });
const [barePort, gatePort] = [18_443, 18_444];

const folder = mkdtempSync(join(tmpdir(), "migration-gate-bench-"));
cpSync(join(root, "examples/cluster"), folder, { recursive: true });
writeFileSync(join(folder, "bench.yaml"), benchObjects());
const children: ChildProcess[] = [];

try {
  start(["--import", "tsx", "test/bench/bare-server.ts", String(barePort)]);
  const begun = performance.now();
  const serve = ["dist/cli.js", "serve", "--cluster", folder, "--policies", "policies", "--self-signed"];
  start([...serve, "--port", String(gatePort)]);
  await until(gatePort, "/readyz");
  const readyMs = performance.now() - begun;
  await until(barePort, "/validate");
  const coldMs = await coldMedian();
  const rows: Row[] = [];
  for (const { name, body } of benchCases) {
    await warm(body);
    for (const connections of [1, 16]) rows.push(...(await compared(name, body, connections)));
  }
  print(rows, { readyMs, coldMs, memoryMb: await memoryMb() });
} finally {
  for (const child of children) child.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
}

function start(args: readonly string[]): void {
  children.push(spawn(process.execPath, args, { cwd: root, stdio: "ignore" }));
}

/** Answers, whatever the status, once the server is up; gives up after 30 s. */
async function until(port: number, path: string): Promise<void> {
  const end = performance.now() + 30_000;
  for (;;) {
    const status = await statusOf(port, path);
    if (status !== null && (path !== "/readyz" || status === 200)) return;
    if (performance.now() > end) throw new Error(`port ${port} did not become ready: ${status ?? "no answer"}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function statusOf(port: number, path: string): Promise<number | null> {
  return new Promise((resolve) => {
    const asked = request({ port, path, agent, method: "GET" }, (response) => {
      response.resume();
      resolve(response.statusCode ?? null);
    });
    asked.on("error", () => resolve(null)).end();
  });
}

function send(port: number, path: string, body: string | null): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = body === null ? {} : { "content-type": "application/json" };
    const asked = request({ port, path, agent, headers, method: body === null ? "GET" : "POST" }, (response) => {
      let text = "";
      response.on("data", (chunk) => (text += chunk)).on("end", () => resolve(text));
    });
    asked.on("error", reject).end(body ?? undefined);
  });
}

/** Median of single reviews of 1,000 statements each that no cache has seen. */
async function coldMedian(): Promise<number> {
  const times: number[] = [];
  for (let salt = 0; salt < 9; salt += 1) {
    const begun = performance.now();
    const answer = await send(gatePort, "/validate", coldJob(1_000, salt));
    times.push(performance.now() - begun);
    if (!answer.includes('"allowed":true')) throw new Error(`the cold review was not allowed: ${answer.slice(0, 300)}`);
  }
  return times.toSorted((one, other) => one - other)[4] ?? Number.NaN;
}

/** What the gate has read once it knows: the table is about that. Reading for the first time is `coldMedian`. */
async function warm(body: string): Promise<void> {
  const answer = await send(gatePort, "/validate", body);
  if (!answer.includes('"allowed":true')) throw new Error(`not allowed: ${answer.slice(0, 300)}`);
  await load(gatePort, body, 16, 1);
  await load(barePort, body, 16, 1);
}

/** Turn and turn about, so that whatever else the machine does meets both; the median round of each counts. */
async function compared(name: string, body: string, connections: number): Promise<readonly Row[]> {
  const [bare, gate]: [autocannon.Result[], autocannon.Result[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await load(barePort, body, connections, seconds));
    gate.push(await load(gatePort, body, connections, seconds));
  }
  const [one, other] = [median(bare), median(gate)];
  return [row(`bare: ${name}`, connections, one, one), row(name, connections, other, one)];
}

function median(results: readonly autocannon.Result[]): autocannon.Result {
  const sorted = results.toSorted((one, other) => one.requests.average - other.requests.average);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("no round was measured");
  return middle;
}

async function load(port: number, body: string, connections: number, duration: number) {
  const result = await autocannon({
    ...{ url: `https://127.0.0.1:${port}/validate`, method: "POST", body, connections, duration },
    headers: { "content-type": "application/json" },
    tlsOptions: { rejectUnauthorized: false },
  });
  if (result.non2xx + result.errors > 0) throw new Error(`${result.non2xx} bad answers, ${result.errors} errors`);
  return result;
}

function row(name: string, connections: number, result: autocannon.Result, bare: autocannon.Result): Row {
  const { requests, latency } = result;
  const ratio = Math.round((requests.average / bare.requests.average) * 100) / 100;
  return { name, connections, rps: Math.round(requests.average), p50: latency.p50, p99: latency.p99, ratio };
}

async function memoryMb(): Promise<number> {
  const bytes = /^process_resident_memory_bytes (\d+)/m.exec(await send(gatePort, "/metrics", null))?.[1];
  return Math.round(Number(bytes) / 1024 / 1024);
}

function print(rows: readonly Row[], one: { readyMs: number; coldMs: number; memoryMb: number }): void {
  if (values.json === true) {
    process.stdout.write(`${JSON.stringify({ rows, ...one }, null, 2)}\n`);
    return;
  }
  const lines = rows.map(({ name, connections, rps, p50, p99, ratio }) =>
    [name.padEnd(28), connections, rps, p50, p99, ratio].map((cell) => String(cell).padStart(8)).join(" "),
  );
  const head = ["".padEnd(28), "conns", "req/s", "p50 ms", "p99 ms", "ratio"].map((cell) => cell.padStart(8)).join(" ");
  const rest = `ready in ${Math.round(one.readyMs)} ms, 1,000 statements cold in ${Math.round(one.coldMs)} ms, ${one.memoryMb} MB resident`;
  process.stdout.write(`${[head, ...lines, rest].join("\n")}\n`);
}
