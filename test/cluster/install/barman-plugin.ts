import { readFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "selfsigned";
import type { Manifest } from "../../deploy/objects.ts";
import { moduleOf, sourceOf } from "../build/binaries.ts";
import { images } from "../versions.ts";
import { kustomized, patchOf } from "./kustomize.ts";

const released = "ghcr.io/cloudnative-pg/plugin-barman-cloud-testing:main";
const container = "/spec/template/spec/containers/0";

/** The plugin as its module installs it, beside the operator, with certificates made here in place of cert-manager's. */
export async function barmanPluginObjects(): Promise<readonly Manifest[]> {
  const source = await sourceOf(moduleOf("barman-plugin"));
  const deployment = patchOf({ kind: "Deployment", name: "barman-cloud" }, [
    { op: "test", path: `${container}/image`, value: released },
    { op: "replace", path: `${container}/image`, value: images.barmanPlugin },
    { op: "replace", path: `${container}/readinessProbe`, value: { tcpSocket: { port: 9090 }, periodSeconds: 1 } },
  ]);
  const sidecar = Buffer.from(images.barmanPlugin).toString("base64");
  const secret = patchOf({ kind: "Secret", name: "plugin-barman-cloud-.*" }, [
    { op: "replace", path: "/data/SIDECAR_IMAGE", value: sidecar },
  ]);
  const objects = await kustomized(
    { resources: ["release.yaml"], patches: [deployment, secret] },
    { "release.yaml": readFileSync(join(source, "manifest.yaml"), "utf8") },
  );
  return [
    ...objects.filter(({ apiVersion }) => apiVersion !== "cert-manager.io/v1"),
    await certificate("barman-cloud-server-tls", "barman-cloud", ["barman-cloud"]),
    await certificate("barman-cloud-client-tls", "barman-cloud-client", []),
  ];
}

/**
 * Each signs itself and each has a name of its own. Were both signed by one CA, or of one name, the operator would find that
 * its certificate is not among those that the plugin asks for, and send none.
 */
async function certificate(secret: string, commonName: string, dnsNames: readonly string[]): Promise<Manifest> {
  const isServer = dnsNames.length > 0;
  const { cert, private: key } = await generate([{ name: "commonName", value: commonName }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: isServer, clientAuth: !isServer },
      ...(isServer
        ? [{ name: "subjectAltName" as const, altNames: dnsNames.map((value) => ({ type: 2 as const, value })) }]
        : []),
    ],
  });
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/tls",
    metadata: { name: secret, namespace: "cnpg-system" },
    stringData: { "tls.crt": cert, "tls.key": key },
  };
}
