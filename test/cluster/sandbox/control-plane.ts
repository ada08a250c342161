import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { binariesOf, moduleOf } from "../build/binaries.ts";
import { makeCertificates } from "./certificates.ts";
import type { Sandbox } from "./sandbox.ts";
import { until } from "./until.ts";

/** The node's address on the bridge of its Pods: what runs beside Kubernetes listens there. */
export const nodeAddress = "10.244.0.1";
const serviceAddress = "10.0.0.1";

/** Who may speak to the API server by a token: people get theirs from here too. */
const accounts = [
  { token: "admin", user: "admin", groups: ["system:masters"] },
  { token: "controller-manager", user: "system:kube-controller-manager", groups: [] },
  { token: "scheduler", user: "system:kube-scheduler", groups: [] },
  { token: "proxy", user: "system:kube-proxy", groups: [] },
  { token: "node", user: "system:node:node", groups: ["system:nodes"] },
] as const;
export type Account = (typeof accounts)[number]["token"];

/**
 * Every write is in it, with what admission said, so that a test can read what was really done. `kubectl exec` counts as one,
 * though its verb is get since it goes over a WebSocket.
 */
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules:
  - level: Metadata
    resources: [{ group: "", resources: [pods/exec, pods/attach] }]
  - level: None
    verbs: [get, list, watch]
  - level: None
    resources: [{ group: coordination.k8s.io }, { group: "", resources: [events] }, { group: events.k8s.io }]
  - level: Metadata
`;

/** Starts etcd, API server and controller-manager; ready in seconds. Gives the kubeconfig of its administrator. */
export async function startControlPlane(sandbox: Sandbox, say: (line: string) => void): Promise<string> {
  const { folder, address } = sandbox;
  const kubernetes = await binariesOf(moduleOf("kube-apiserver"), say);
  const etcd = await binariesOf(moduleOf("etcd"), say);
  await makeCertificates(join(folder, "pki"), [serviceAddress, nodeAddress, address, "127.0.0.1"]);
  await bridge(sandbox);
  writeFileSync(join(folder, "audit-policy.yaml"), auditPolicy);
  const rows = accounts.map(({ token, user, groups }) => `${token},${user},${token},"${groups.join(",")}"`);
  writeFileSync(join(folder, "tokens.csv"), `${rows.join("\n")}\n`);
  for (const { token } of accounts) kubeconfigOf(sandbox, token);

  const peers = [
    "--listen-peer-urls",
    "http://127.0.0.1:2380",
    "--initial-advertise-peer-urls",
    "http://127.0.0.1:2380",
  ];
  const clients = ["--listen-client-urls", "http://127.0.0.1:2379", "--advertise-client-urls", "http://127.0.0.1:2379"];
  const cluster = ["--initial-cluster", "default=http://127.0.0.1:2380"];
  // a test cluster that loses its disk is a new test cluster
  sandbox.start("etcd", join(etcd, "etcd"), [
    "--data-dir",
    join(folder, "etcd"),
    "--unsafe-no-fsync",
    ...clients,
    ...peers,
    ...cluster,
  ]);
  sandbox.start("kube-apiserver", join(kubernetes, "kube-apiserver"), apiServerFlags(folder));
  const kubeconfig = join(folder, "admin.kubeconfig");
  const kubectl = join(kubernetes, "kubectl");
  await until("the API server is ready", () =>
    sandbox.run(kubectl, ["--kubeconfig", kubeconfig, "get", "--raw", "/readyz"]),
  );
  sandbox.start("kube-controller-manager", join(kubernetes, "kube-controller-manager"), controllerFlags(folder));
  return kubeconfig;
}

function controllerFlags(folder: string): readonly string[] {
  const pki = (file: string) => join(folder, "pki", file);
  return [
    ...["--kubeconfig", join(folder, "controller-manager.kubeconfig"), "--use-service-account-credentials"],
    ...["--leader-elect=false", "--controllers", "*,-node-ipam-controller"],
    ...["--service-account-private-key-file", pki("accounts.key"), "--root-ca-file", pki("ca.crt")],
    ...["--cluster-signing-cert-file", pki("ca.crt"), "--cluster-signing-key-file", pki("ca.key")],
  ];
}

function apiServerFlags(folder: string): readonly string[] {
  const pki = (file: string) => join(folder, "pki", file);
  return [
    ...["--etcd-servers", "http://127.0.0.1:2379", "--bind-address", "0.0.0.0", "--advertise-address", nodeAddress],
    ...["--tls-cert-file", pki("api.crt"), "--tls-private-key-file", pki("api.key"), "--client-ca-file", pki("ca.crt")],
    ...["--service-cluster-ip-range", "10.0.0.0/24", "--service-account-issuer", "https://kubernetes.default.svc"],
    ...["--service-account-signing-key-file", pki("accounts.key"), "--service-account-key-file", pki("accounts.pub")],
    ...["--token-auth-file", join(folder, "tokens.csv"), "--authorization-mode", "Node,RBAC", "--allow-privileged"],
    // by address, because nothing here resolves the node's name
    ...["--kubelet-preferred-address-types", "InternalIP"],
    ...["--kubelet-client-certificate", pki("api.crt"), "--kubelet-client-key", pki("api.key")],
    ...["--audit-policy-file", join(folder, "audit-policy.yaml"), "--audit-log-path", join(folder, "audit.log")],
  ];
}

/** The kubeconfig of an account, with the CA inside so that it can be copied anywhere. */
export function kubeconfigOf({ folder, address }: Sandbox, account: Account): string {
  const authority = readFileSync(join(folder, "pki/ca.crt")).toString("base64");
  const path = join(folder, `${account}.kubeconfig`);
  const text = `apiVersion: v1
kind: Config
clusters: [{ name: test, cluster: { server: "https://${address}:6443", certificate-authority-data: ${authority} } }]
users: [{ name: ${account}, user: { token: ${account} } }]
contexts: [{ name: test, context: { cluster: test, user: ${account} } }]
current-context: test
`;
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** The bridge that Pods will hang on; without a node it only carries the address the API server is known by. */
async function bridge(sandbox: Sandbox): Promise<void> {
  await sandbox.run("ip", ["link", "add", "cni0", "type", "bridge"]);
  await sandbox.run("ip", ["address", "add", `${nodeAddress}/16`, "dev", "cni0"]);
  await sandbox.run("ip", ["link", "set", "cni0", "up"]);
}
