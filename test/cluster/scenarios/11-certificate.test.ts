import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { connect } from "node:tls";
import { afterAll, expect, test } from "vitest";
import { field } from "../../deploy/objects.ts";
import { run } from "../build/run.ts";
import { changePlatform } from "../environment.ts";
import { certificateSecret } from "../install/gate.ts";
import { decisions, openReviewStream } from "../review-stream.ts";
import { until } from "../sandbox/until.ts";
import { openScenario } from "../scenario.ts";

const scenario = await openScenario("certificate");
const { name: namespace, client } = scenario;
const gate = ["--namespace=migration-gate", "--selector=app.kubernetes.io/name=migration-gate"];
// certs/out of whoever runs certs/make.sh; of the CA that is trusted now only the certificate is left
const keys = mkdtempSync(join(tmpdir(), "migration-gate-keys-"));
afterAll(() => rmSync(keys, { recursive: true }));
writeFileSync(join(keys, "ca.crt"), await trusted());

test("the CA and the certificate of the gate are replaced under a stream of reviews, and none is lost", async () => {
  const before = certificatesIn(await trusted());
  const stream = await openReviewStream(client, namespace);

  await makeCertificate("Trust another CA too", "--new-ca");
  const both = certificatesIn(await trusted());
  expect(both).toEqual([expect.any(String), ...before]);
  await handOver();

  // a renewal: the same CA, which alone is trusted from now on
  await makeCertificate("Trust the new CA alone");
  expect(certificatesIn(await trusted())).toEqual(both.slice(0, 1));
  await handOver();

  const { answered, wrong, slowestMs } = await stream.stop();
  process.stdout.write(`certificate replaced twice: ${answered} reviews, the slowest took ${slowestMs} ms\n`);
  expect(wrong).toEqual([]);
  expect(answered).toBeGreaterThan(200);
  const decided = decisions(scenario.audit, namespace);
  expect(new Set(decided)).toEqual(new Set(["201 warn", "403 deny"]));
  expect(decided.length).toBeGreaterThanOrEqual(answered);
});

/** Runs certs/make.sh in the platform repository, and has Flux put what it wrote into the registrations. */
async function makeCertificate(message: string, ...flags: readonly string[]): Promise<void> {
  await changePlatform(client, message, async (folder) => {
    cpSync(keys, join(folder, "certs/out"), { recursive: true });
    await run("bash", [join(folder, "certs/make.sh"), ...flags]);
    rmSync(keys, { recursive: true });
    cpSync(join(folder, "certs/out"), keys, { recursive: true });
  });
}

/** Puts the certificate into the cluster, and returns when each Pod of the gate serves it. */
async function handOver(): Promise<void> {
  await client.apply([certificateSecret(keys)]);
  const made = fingerprintOf(readFileSync(join(keys, "tls.crt"), "utf8"));
  // the kubelet looks at a Pod's Secrets within a minute or two, and at once when the Pod changes
  await client.kubectl(["annotate", "pods", ...gate, "--overwrite", `test/certificate=${made.replaceAll(":", "")}`]);
  for (const pod of (await client.kubectl(["get", "pods", ...gate, "--output=name"])).trim().split("\n")) {
    await until(`${pod} serves it`, async () => (await servedBy(pod)) === made || undefined, 180);
  }
}

/** The certificate that a Pod shows to whoever trusts our CA and asks for the Service, as the API server does. */
async function servedBy(pod: string): Promise<string | undefined> {
  const place = ["port-forward", "--namespace=migration-gate", pod, ":8443"];
  const forward = spawn(client.program, ["--kubeconfig", client.kubeconfig, ...place]);
  try {
    const [line] = await once(createInterface(forward.stdout), "line"); // Forwarding from 127.0.0.1:38211 -> 8443
    const port = Number(/:(\d+) ->/.exec(String(line))?.[1]);
    const ca = readFileSync(join(keys, "ca.crt"));
    const socket = connect({ host: "127.0.0.1", port, ca, servername: "migration-gate.migration-gate.svc" });
    try {
      await once(socket, "secureConnect");
      return socket.getPeerX509Certificate()?.fingerprint256;
    } finally {
      socket.destroy();
    }
  } finally {
    forward.kill();
  }
}

/** The CAs in the gate's registration, PEM. */
async function trusted(): Promise<string> {
  const kind = "ValidatingWebhookConfiguration";
  const registration = await client.read("admissionregistration.k8s.io/v1", kind, "", "migration-gate");
  const bundle = String(field(registration, "webhooks", 0, "clientConfig", "caBundle"));
  return Buffer.from(bundle, "base64").toString("utf8");
}

function certificatesIn(pem: string): readonly string[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(fingerprintOf);
}

function fingerprintOf(pem: string): string {
  return new X509Certificate(pem).fingerprint256;
}
