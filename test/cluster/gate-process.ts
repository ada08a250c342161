import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { get as getPlain, type IncomingMessage } from "node:http";
import { get } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { stringify } from "yaml";
import type { Client } from "./client.ts";
import type { Cluster } from "./cluster.ts";
import { makePlatform } from "./install/gate.ts";
import { writeKubeconfig } from "./people.ts";
import { until } from "./sandbox/until.ts";

/** The gate as a process beside a cluster: the built program, with the account, certificate and policies that its Pods have. */
export interface GateProcess {
  /** `deploy/`, `policies/` and `certs/` as it was installed from. */
  readonly folder: string;
  pid(): number;
  /** The lines that it logged so far. */
  log(): readonly Readonly<Record<string, unknown>>[];
  metrics(): Promise<string>;
  /** `/readyz` over the certificate that the API server trusts. */
  ready(): Promise<Answer>;
  stop(): Promise<void>;
  /** Returns when it is ready. */
  start(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

const program = join(import.meta.dirname, "../../dist/cli.js");
const account = "migration-gate";
const metricsPort = 9090;

/**
 * Installs `deploy/overlays/enforce` with the bundled certificates, as docs/install.md says, and starts the gate on this side
 * of the cable. Without a node two objects differ: there is no Deployment, and the Service is a name for this machine. The
 * registrations, what they trust and what the account may do are those of every user.
 */
export async function startGate({ client, sandbox }: Cluster): Promise<GateProcess> {
  if (!existsSync(program)) throw new Error(`${program} is not there: npm run build`);
  const host = sandbox.address.replace(/\.2$/, ".1");
  const folder = join(sandbox.folder, "platform");
  mkdirSync(folder);
  await makePlatform(folder, "localhost/migration-gate:beside");
  await client.kubectl(["apply", "--kustomize", overlayBeside(folder, host)]);
  const token = await client.kubectl(["create", "token", account, "--namespace", account, "--duration=24h"]);
  const kubeconfig = join(folder, "gate.kubeconfig");
  await writeKubeconfig(client, kubeconfig, { token: token.trim() });
  const logFile = join(sandbox.folder, "logs/gate.log");
  const authority = readFileSync(join(folder, "certs/out/ca.crt"));
  const readyz = { host, path: "/readyz", ca: authority, servername: `${account}.${account}.svc`, agent: false };
  const ready = () => answerOf(get, readyz);
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const log = openSync(logFile, "a");
    const serve = [
      "serve",
      "--port",
      "443",
      "--tls",
      join(folder, "certs/out"),
      "--policies",
      join(folder, "policies"),
    ];
    // it goes when this process goes, however that ends
    const started = spawn("setpriv", ["--pdeathsig", "KILL", "--", process.execPath, program, ...serve], {
      stdio: ["ignore", log, log],
      env: {
        ...{ NODE_ENV: "production", GATE_HOST: host, GATE_KUBECONFIG: kubeconfig, GATE_NAMESPACE: account },
        ...{ GATE_METRICS_PORT: `${metricsPort}`, GATE_DRAIN_MS: "0" },
      },
    });
    closeSync(log);
    child = started;
    await until(`the gate is ready (${logFile})`, async () => {
      if (started.exitCode !== null) throw new Error(readFileSync(logFile, "utf8"));
      return (await ready()).status === 200 ? true : undefined;
    });
  }

  async function stop(): Promise<void> {
    if (child === undefined || child.exitCode !== null) return;
    const closed = once(child, "close");
    child.kill("SIGTERM");
    await closed;
  }

  await start();
  await registrationsAct(client);
  return {
    ...{ folder, ready, start, stop },
    pid: () => child?.pid ?? 0,
    log: () => readFileSync(logFile, "utf8").split("\n").flatMap(parsed),
    metrics: async () => (await answerOf(getPlain, { host, port: metricsPort, path: "/metrics" })).text,
  };
}

/** An overlay on the shipped one, as one would write it to run the gate outside of the cluster. */
function overlayBeside(folder: string, host: string): string {
  const overlay = join(folder, "deploy/overlays/beside");
  const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: account } };
  const kustomization = {
    resources: ["../enforce"],
    patches: [
      { patch: stringify({ ...deployment, $patch: "delete" }) },
      // the API server goes where an ExternalName points, and still asks for a certificate of the Service's own name
      {
        target: { kind: "Service", name: account },
        patch: stringify([{ op: "replace", path: "/spec", value: { type: "ExternalName", externalName: host } }]),
      },
    ],
  };
  mkdirSync(overlay);
  writeFileSync(join(overlay, "kustomization.yaml"), stringify(kustomization));
  return overlay;
}

/** Registrations and admission policies are objects like others: the API server takes them up a moment after they are there. */
async function registrationsAct(client: Client): Promise<void> {
  const namespace = "registrations-act";
  const labels = { "migration-gate.dev/mode": "enforce" };
  await client.apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } }]);
  const inNamespace = ["--namespace", namespace];
  const job = ["create", "job", "probe", "--image=postgres", "--dry-run=server", ...inNamespace];
  const token = ["create", "token", "default", ...inNamespace, "--bound-object-kind=Pod", "--bound-object-name=none"];
  await until("the webhooks are asked and the admission policies act", async () => {
    const asked = await client.attempt([...job, "--", "psql", "--command", "DROP TABLE probe"]);
    const minted = await client.attempt([...token, "--bound-object-uid=none"]);
    const denied = [asked, minted].every(({ stderr }) => stderr.includes("denied [MG-"));
    if (!denied) throw new Error(`${asked.stderr}${minted.stderr}`);
    return true;
  });
}

type Get = (options: object, callback: (response: IncomingMessage) => void) => NodeJS.EventEmitter;

async function answerOf(ask: Get, options: object): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    ask(options, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, text: body }), reject);
    }).on("error", reject);
  });
}

/** The last line may be half written. */
function parsed(line: string): readonly Readonly<Record<string, unknown>>[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
