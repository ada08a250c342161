import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "../../deploy/objects.ts";
import { binariesOf, moduleOf } from "../build/binaries.ts";
import { images } from "../versions.ts";
import { kubeconfigOf, nodeAddress } from "./control-plane.ts";
import type { Sandbox } from "./sandbox.ts";
import { until } from "./until.ts";

const socket = "/run/containerd/containerd.sock";
const clusterDomain = "cluster.local";

/** Adds a node to a control plane: containerd with the given images, kubelet, scheduler, kube-proxy, CoreDNS, volumes. */
export async function startNode(
  sandbox: Sandbox,
  archives: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  const { folder } = sandbox;
  const kubernetes = await binariesOf(moduleOf("kube-apiserver"), say);
  const coredns = await binariesOf(moduleOf("coredns"), say);
  await sandbox.run("sysctl", ["-qw", "net.ipv4.ip_forward=1"]);
  sandbox.start("containerd", "containerd", ["--config", write(folder, "containerd.toml", containerd(folder))]);
  write(folder, "cni/10-pods.conflist", JSON.stringify(podNetwork));
  const program = (name: string) => join(kubernetes, name);
  const as = (account: "scheduler" | "proxy" | "node") => ["--kubeconfig", kubeconfigOf(sandbox, account)];
  sandbox.start("kube-scheduler", program("kube-scheduler"), [...as("scheduler"), "--leader-elect=false"]);
  sandbox.start("kube-proxy", program("kube-proxy"), [...as("proxy"), ...proxyFlags]);
  sandbox.start("coredns", join(coredns, "coredns"), ["-conf", write(folder, "Corefile", names(folder))]);
  await until("containerd answers", () => sandbox.run("ctr", ["--address", socket, "version"]));
  await importImages(sandbox, archives);
  const config = write(folder, "kubelet.yaml", kubelet(folder));
  const own = ["--hostname-override", "node", "--node-ip", nodeAddress];
  sandbox.start("kubelet", program("kubelet"), [...as("node"), ...own, "--config", config]);
}

/** One after another: unpacking is bound by the disk. */
export async function importImages(sandbox: Sandbox, archives: readonly string[]): Promise<void> {
  for (const path of archives) {
    await sandbox.run("ctr", ["--address", socket, "--namespace", "k8s.io", "images", "import", path]);
  }
}

/** `count` volumes of the node's disk, and the default StorageClass that takes one where a Pod lands. */
export function volumes(folder: string, count: number): readonly Manifest[] {
  const storageClass = {
    ...{ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", provisioner: "kubernetes.io/no-provisioner" },
    metadata: { name: "node", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
    ...{ volumeBindingMode: "WaitForFirstConsumer", allowVolumeExpansion: true },
  };
  return [storageClass, ...Array.from({ length: count }, (_, index) => volume(folder, `disk-${index}`))];
}

function volume(folder: string, name: string): Manifest {
  const path = join(folder, "disks", name);
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o777);
  return {
    ...{ apiVersion: "v1", kind: "PersistentVolume", metadata: { name } },
    spec: {
      ...{ storageClassName: "node", capacity: { storage: "2Gi" }, accessModes: ["ReadWriteOnce"] },
      ...{ hostPath: { path }, persistentVolumeReclaimPolicy: "Retain" },
    },
  };
}

function write(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** nftables, because iptables' legacy tables are not in every kernel; conntrack's limits belong to the host. */
const proxyFlags = [
  ...["--hostname-override", "node", "--proxy-mode", "nftables", "--cluster-cidr", "10.244.0.0/16"],
  ...["--healthz-bind-address", "127.0.0.1:10256", "--metrics-bind-address", "127.0.0.1:10249"],
  ...[
    "--conntrack-max-per-core",
    "0",
    "--conntrack-tcp-timeout-established",
    "0",
    "--conntrack-tcp-timeout-close-wait",
    "0",
  ],
];

const podNetwork = {
  cniVersion: "0.4.0",
  name: "pods",
  plugins: [
    {
      ...{ type: "bridge", bridge: "cni0", isGateway: true, ipMasq: false, hairpinMode: true },
      ipam: {
        type: "host-local",
        ranges: [[{ subnet: "10.244.0.0/16", rangeStart: "10.244.1.1", gateway: nodeAddress }]],
        routes: [{ dst: "0.0.0.0/0" }],
      },
    },
    { type: "portmap", capabilities: { portMappings: true } },
  ],
};

/** restrict_oom_score_adj: without CAP_SYS_RESOURCE runc cannot lower a container's score and dies. */
const containerd = (folder: string) => `version = 2
root = "${folder}/containerd/root"
state = "${folder}/containerd/state"
[grpc]
  address = "${socket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${images.pause}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${folder}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
`;

/** Without cgroups per class of Pod and on cgroup v1 too: the node of a machine that is itself a container. */
const kubelet = (folder: string) => `kind: KubeletConfiguration
apiVersion: kubelet.config.k8s.io/v1beta1
authentication: { anonymous: { enabled: true }, webhook: { enabled: false } }
authorization: { mode: AlwaysAllow }
cgroupDriver: cgroupfs
failCgroupV1: false
failSwapOn: false
clusterDNS: [${nodeAddress}]
clusterDomain: ${clusterDomain}
containerRuntimeEndpoint: unix://${socket}
cgroupsPerQOS: false
enforceNodeAllocatable: []
resolvConf: ${write(folder, "resolv.conf", "nameserver 127.0.0.1\n")}
podLogsDir: ${folder}/pods
evictionHard: { memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%, nodefs.inodesFree: 1% }
# what was imported is pulled from nowhere, and of pause and the like nobody says that they are in use
imageGCHighThresholdPercent: 100
maxPods: 200
`;

const names = (folder: string) => `.:53 {
  bind ${nodeAddress}
  errors
  kubernetes ${clusterDomain} in-addr.arpa {
    kubeconfig ${folder}/admin.kubeconfig test
  }
}
`;
