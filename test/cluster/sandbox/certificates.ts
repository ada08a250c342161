import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../build/run.ts";

/** Keys and certificates of a control plane, made by openssl into `folder`. */
export async function makeCertificates(folder: string, addresses: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const openssl = (...args: readonly string[]) => run("openssl", args, { cwd: folder });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  await openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.crt", "-days", "30", "-subj", "/CN=test-ca");
  await openssl("req", ...key, "-keyout", "api.key", "-out", "api.csr", "-subj", "/CN=kube-apiserver");
  const kubernetes = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", "localhost"];
  const names = [...kubernetes.map((name) => `DNS:${name}`), ...addresses.map((address) => `IP:${address}`)];
  writeFileSync(join(folder, "api.ext"), `subjectAltName=${names.join(",")}\n`);
  const signing = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30", "-extfile", "api.ext"];
  await openssl("x509", "-req", "-in", "api.csr", ...signing, "-out", "api.crt");
  await openssl("genrsa", "-out", "accounts.key", "2048");
  await openssl("rsa", "-in", "accounts.key", "-pubout", "-out", "accounts.pub");
}
