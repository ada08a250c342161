import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listSettings, readConfig } from "../src/config.ts";

async function file(text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "config-")), "gate.yaml");
  await writeFile(path, text);
  return path;
}
const problems = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
  readConfig(args, environment).then(
    () => "none",
    (error: Error) => error.message,
  );

describe("settings", () => {
  it("have defaults that serve a cluster as it comes", async () => {
    expect(await readConfig(["--self-signed"], {})).toMatchObject({
      ...{ port: 8443, metricsPort: 0, deadlineMs: 3_500, bodyBytes: 8 * 1024 * 1024, clusterDomain: "cluster.local" },
      operatorAccounts: [
        "system:serviceaccount:cnpg-system:cnpg-manager",
        "system:serviceaccount:cnpg-system:cnpg-system-cloudnative-pg",
        "system:serviceaccount:cnpg-system:cnpg-cloudnative-pg",
      ],
    });
  });

  it("are taken from the file, then the environment, then the flags: the later wins", async () => {
    const config = await file("port: 1\nthreads: 3\nlogLevel: warn\nselfSigned: true\n");
    const args = ["--config", config, "--port", "4"];
    expect(await readConfig(args, { GATE_PORT: "2", GATE_THREADS: "5" })).toMatchObject({
      port: 4,
      threads: 5,
      logLevel: "warn",
    });
    expect(await readConfig(["--config", config], { GATE_PORT: "2" })).toMatchObject({
      port: 2,
      threads: 3,
      selfSigned: true,
    });
  });

  it("can all be set by environment", async () => {
    const environment = {
      ...{
        GATE_SELF_SIGNED: "true",
        GATE_OPERATOR_ACCOUNTS: "a, b,",
        GATE_WATCH_STALE_MS: "3000",
        GATE_NAMESPACE: "gate",
      },
    };
    expect(await readConfig([], environment)).toMatchObject({
      ...{ selfSigned: true, operatorAccounts: ["a", "b"], watchStaleMs: 3_000, namespace: "gate" },
    });
  });

  it("are not what Kubernetes sets for a Service of our name", async () => {
    const config = await readConfig(["--self-signed"], { MIGRATION_GATE_PORT: "tcp://10.0.0.1:443" });
    expect(config.port).toBe(8443);
  });

  it("are listed with name, variable, default and help", () => {
    expect(listSettings()).toContainEqual({
      name: "port",
      environment: "GATE_PORT",
      default: "8443",
      help: "port of the webhook, HTTPS",
    });
    expect(listSettings().every(({ help }) => help.length > 5)).toBe(true);
  });
});

describe("what does not fit is said with the place it was set at", () => {
  const cases: Readonly<Record<string, readonly [readonly string[], NodeJS.ProcessEnv, string]>> = {
    "a port that is none": [["--self-signed", "--port", "x"], {}, "--port: must be integer"],
    "a port out of range": [["--self-signed"], { GATE_PORT: "70000" }, "GATE_PORT: must be <= 65535"],
    "a switch that is neither": [[], { GATE_SELF_SIGNED: "yes" }, "GATE_SELF_SIGNED: must be boolean"],
    "an unknown level": [
      ["--self-signed"],
      { GATE_LOG_LEVEL: "loud" },
      "GATE_LOG_LEVEL: must be one of debug, info, warn, error, silent",
    ],
    "no certificate": [[], {}, "tls: give a folder with tls.crt and tls.key (--tls DIR), or --self-signed"],
    "two certificates": [["--tls", "d", "--self-signed"], {}, "tls and selfSigned: only one of them can be served"],
    "two clusters": [
      ["--self-signed", "--cluster", "d", "--context", "c"],
      {},
      "cluster and context: only one of them can be read",
    ],
    "a question that may take longer than the answer": [
      ["--self-signed"],
      { GATE_REQUEST_TIMEOUT_MS: "2000", GATE_DEADLINE_MS: "1000" },
      "requestTimeoutMs: must be less than deadlineMs",
    ],
    "an unknown flag": [["--sefl-signed"], {}, "Unknown option '--sefl-signed'"],
    "several at once": [
      ["--self-signed", "--port", "x"],
      { GATE_THREADS: "0" },
      "--port: must be integer\nGATE_THREADS: must be >= 1",
    ],
  };
  it.each(Object.entries(cases))("%s", async (_, [args, environment, message]) => {
    expect(await problems(args, environment)).toBe(message);
  });

  it.each([
    ["a misspelt name", "prot: 8443\n", /^.*gate\.yaml: prot is no setting; there are host, port, /],
    ["a text where a number belongs", 'port: "8443"\n', /gate\.yaml: port: must be integer$/],
    ["a list instead of settings", "- port\n", /gate\.yaml: must hold settings/],
    ["nothing", "", /gate\.yaml: must hold settings/],
    ["no YAML", "port: [\n", /gate\.yaml: cannot be read: /],
  ])("%s in the file", async (_, text, message) => {
    expect(await problems(["--self-signed", "--config", await file(text)])).toMatch(message);
  });

  it("a file that is not there", async () => {
    expect(await problems(["--config", "/nowhere/gate.yaml"])).toMatch(
      /^\/nowhere\/gate\.yaml: cannot be read: ENOENT/,
    );
  });
});
