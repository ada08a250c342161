import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";

/** The servers that stand beside the gate in a test cluster, as processes of this machine. */
const scripts = join(import.meta.dirname, "../cluster/install/scripts");
const execute = promisify(execFile);
let folder = "";
let end: () => Promise<void> = async () => undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "migration-gate-neighbours-"));
});
afterEach(async () => {
  await end();
  rmSync(folder, { recursive: true, force: true });
});

test("a repository is made by the first push, and cloned, fetched and pushed to from then on", async () => {
  const url = `${await start("git-server.mjs")}/platform.git`;
  const [first, second] = [join(folder, "first"), join(folder, "second")];
  await expect(git("clone", url, second)).rejects.toThrow("not found");

  await git("init", "--initial-branch=main", first);
  writeFileSync(join(first, "gate.yaml"), "mode: audit\n");
  await commit(first, "The gate");
  await git("-C", first, "push", url, "main");
  await git("clone", url, second);
  expect(readFileSync(join(second, "gate.yaml"), "utf8")).toBe("mode: audit\n");

  writeFileSync(join(second, "gate.yaml"), "mode: enforce\n");
  await commit(second, "In earnest");
  await git("-C", second, "push");
  await git("-C", first, "pull", "--quiet", url, "main");
  expect(readFileSync(join(first, "gate.yaml"), "utf8")).toBe("mode: enforce\n");
});

test("a push that is too large for one piece, and a shallow clone by protocol version 0, as Flux makes it", async () => {
  const url = `${await start("git-server.mjs")}/large.git`;
  const [first, second] = [join(folder, "first"), join(folder, "second")];
  const large = randomBytes(1.5 * 1024 * 1024).toString("hex");
  await git("init", "--initial-branch=main", first);
  writeFileSync(join(first, "large.txt"), large);
  await commit(first, "Large");
  writeFileSync(join(first, "small.txt"), "small\n");
  await commit(first, "Small");
  await git("-C", first, "push", url, "main");
  await git("-c", "protocol.version=0", "clone", "--depth", "1", url, second);
  expect(readFileSync(join(second, "large.txt"), "utf8")).toBe(large);
  expect((await git("-C", second, "rev-list", "--count", "HEAD")).trim()).toBe("1");
});

test("nothing but repositories by their name is served", async () => {
  const address = await start("git-server.mjs");
  const answers = ["/", "/../etc/passwd", "/platform.git/config", "/platform.git/info/refs?service=git-upload-pack"];
  const codes = await Promise.all(answers.map(async (path) => (await fetch(`${address}${path}`)).status));
  expect(codes).toEqual([200, 404, 404, 404]);
});

test("a body packed by gzip is unpacked, as git sends long negotiations", async () => {
  const address = await start("git-server.mjs");
  const source = join(folder, "source");
  await git("init", "--initial-branch=main", source);
  await commit(source, "Empty");
  await git("-C", source, "push", `${address}/packed.git`, "main");
  const head = (await git("-C", source, "rev-parse", "HEAD")).trim();
  const answer = await fetch(`${address}/packed.git/git-upload-pack`, {
    method: "POST",
    headers: { "content-type": "application/x-git-upload-pack-request", "content-encoding": "gzip" },
    body: gzipSync(`0032want ${head}\n00000009done\n`),
  });
  expect(answer.headers.get("content-type")).toBe("application/x-git-upload-pack-result");
  const text = Buffer.from(await answer.arrayBuffer()).toString("latin1");
  expect(text.slice(0, 16)).toBe("0008NAK\nPACK\u0000\u0000\u0000\u0002");
});

test("the receiver gives back what was posted, in order, and refuses what is no JSON", async () => {
  const address = await start("receiver.mjs");
  const post = (body: string) => fetch(`${address}/hook`, { method: "POST", body });
  await post('{"reason":"first"}');
  expect((await post("no JSON")).status).toBe(400);
  await post('{"reason":"second"}');
  expect(await (await fetch(address)).json()).toEqual([{ reason: "first" }, { reason: "second" }]);
});

/** Starts a script on a free port and gives its address. */
async function start(script: string): Promise<string> {
  const env = { ...process.env, PORT: "0", REPOSITORIES: join(folder, "repositories") };
  const server = spawn(process.execPath, [join(scripts, script)], { env, stdio: ["ignore", "ignore", "pipe"] });
  end = async () => {
    server.kill();
    if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
  };
  const [said] = await once(server.stderr, "data");
  server.stderr.resume();
  const port = /listening on (\d+)/.exec(String(said))?.[1];
  if (port === undefined) throw new Error(`${script}: ${said}`);
  return `http://127.0.0.1:${port}`;
}

async function commit(repository: string, message: string): Promise<void> {
  const author = ["-c", "user.name=dana", "-c", "user.email=dana@acme.example"];
  await git("-C", repository, "add", "--all");
  await git("-C", repository, ...author, "commit", "--quiet", "--allow-empty", "--message", message);
}

async function git(...args: readonly string[]): Promise<string> {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
  };
  return (await execute("git", args, { env })).stdout;
}
