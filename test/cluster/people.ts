import { rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { run } from "./build/run.ts";
import { type Client, createClient } from "./client.ts";
import { until } from "./sandbox/until.ts";

/** How somebody proves who they are, as kubeconfigs have it. */
type Credentials = Readonly<Record<string, string>>;

/** Writes the kubeconfig of somebody else for the cluster of `client`. */
export async function writeKubeconfig(client: Client, path: string, user: Credentials): Promise<void> {
  const own = JSON.parse(await client.kubectl(["config", "view", "--raw", "--output=json"]));
  const users = own.users.map(({ name }: { readonly name: string }) => ({ name, user }));
  writeFileSync(path, stringify({ ...own, users }), { mode: 0o600 });
}

/** Who holds a service account's token. */
export async function holderOf(client: Client, token: string, folder: string): Promise<Client> {
  const path = join(await mkdtemp(join(folder, "holder-")), "kubeconfig");
  await writeKubeconfig(client, path, { token });
  return createClient(client.program, path);
}

/** A person with a client certificate from the cluster's own signer: whom they impersonate, RBAC has to allow. */
export async function personOf(client: Client, name: string, folder: string): Promise<Client> {
  const keys = await mkdtemp(join(tmpdir(), "migration-gate-person-"));
  try {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem"];
    await run("openssl", ["req", ...key, "-subj", `/CN=${name}`, "-out", "request.pem"], { cwd: keys });
    const request = await run("base64", ["--wrap=0", "request.pem"], { cwd: keys });
    const certificate = await signed(client, name, request);
    const path = join(folder, `${name}.kubeconfig`);
    await writeKubeconfig(client, path, {
      "client-certificate-data": certificate,
      "client-key-data": await run("base64", ["--wrap=0", "key.pem"], { cwd: keys }),
    });
    return createClient(client.program, path);
  } finally {
    rmSync(keys, { recursive: true, force: true });
  }
}

async function signed(client: Client, name: string, request: string): Promise<string> {
  await client.apply([
    {
      ...{ apiVersion: "certificates.k8s.io/v1", kind: "CertificateSigningRequest", metadata: { name } },
      spec: { request, signerName: "kubernetes.io/kube-apiserver-client", usages: ["client auth"] },
    },
  ]);
  await client.kubectl(["certificate", "approve", name]);
  return await until(`the certificate of ${name} is signed`, async () => {
    const certificate = await client.kubectl(["get", "csr", name, "--output=jsonpath={.status.certificate}"]);
    return certificate === "" ? undefined : certificate;
  });
}
