/**
 * Every version of the cluster, and how each binary is made from its Go module. Which of them build and run together was
 * measured on a machine like CI's; change one, and `npm run cluster:up` builds only what it touches.
 */
export const kubernetes = "1.35.4";
/** The operators that run here: each with the way its Clusters keep backups (the other way is deprecated or not there yet). */
export const cnpg = { plugin: "1.30.0", inTree: "1.28.0" } as const;
const barmanPlugin = "0.13.0";
export const postgresql = "17";
export const node = "24.9.0";

export interface GoModule {
  readonly module: string;
  readonly version: string;
  /** Binary to the package it is the main of. */
  readonly binaries: Readonly<Record<string, string>>;
  /** Its own `replace` lines that name folders, pointed at what was published; `require` cannot be used for them. */
  readonly replace?: Readonly<Record<string, string>>;
  /** Files that its own build makes first and a published module lacks: path to text. */
  readonly files?: Readonly<Record<string, string>>;
  /** Linker variables that a released binary has and a plain build lacks. */
  readonly variables?: Readonly<Record<string, string>>;
}

const kubernetesVersion = "k8s.io/component-base/version";

export const goModules: readonly GoModule[] = [
  {
    module: "k8s.io/kubernetes",
    version: `v${kubernetes}`,
    binaries: {
      "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
      "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
      "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
      kubelet: "k8s.io/kubernetes/cmd/kubelet",
      "kube-proxy": "k8s.io/kubernetes/cmd/kube-proxy",
      kubectl: "k8s.io/kubernetes/cmd/kubectl",
    },
    variables: {
      [`${kubernetesVersion}.gitVersion`]: `v${kubernetes}`,
      [`${kubernetesVersion}.gitMajor`]: kubernetes.split(".")[0] ?? "",
      [`${kubernetesVersion}.gitMinor`]: kubernetes.split(".")[1] ?? "",
    },
  },
  {
    module: "go.etcd.io/etcd/server/v3",
    version: "v3.6.16",
    binaries: { etcd: "go.etcd.io/etcd/server/v3" },
    replace: {
      "go.etcd.io/etcd/api/v3": "v3.6.16",
      "go.etcd.io/etcd/client/pkg/v3": "v3.6.16",
      "go.etcd.io/etcd/client/v3": "v3.6.16",
      "go.etcd.io/etcd/pkg/v3": "v3.6.16",
    },
  },
  {
    module: "github.com/cloudnative-pg/cloudnative-pg",
    version: `v${cnpg.plugin}`,
    binaries: { "cnpg-manager": "github.com/cloudnative-pg/cloudnative-pg/cmd/manager" },
    variables: { "github.com/cloudnative-pg/cloudnative-pg/pkg/versions.buildVersion": cnpg.plugin },
  },
  {
    module: "github.com/cloudnative-pg/cloudnative-pg",
    version: `v${cnpg.inTree}`,
    binaries: { "cnpg-manager": "github.com/cloudnative-pg/cloudnative-pg/cmd/manager" },
    variables: { "github.com/cloudnative-pg/cloudnative-pg/pkg/versions.buildVersion": cnpg.inTree },
  },
  {
    module: "github.com/cloudnative-pg/plugin-barman-cloud",
    version: `v${barmanPlugin}`,
    binaries: { "barman-plugin": "github.com/cloudnative-pg/plugin-barman-cloud/cmd/manager" },
  },
  {
    module: "github.com/fluxcd/source-controller",
    version: "v1.9.6",
    binaries: { "source-controller": "github.com/fluxcd/source-controller" },
    replace: { "github.com/fluxcd/source-controller/api": "v1.9.6", "github.com/fluxcd/pkg/artifact": "v0.18.1" },
  },
  {
    module: "github.com/fluxcd/kustomize-controller",
    version: "v1.9.6",
    binaries: { "kustomize-controller": "github.com/fluxcd/kustomize-controller" },
    replace: { "github.com/fluxcd/kustomize-controller/api": "v1.9.6" },
  },
  {
    module: "github.com/fluxcd/helm-controller",
    version: "v1.4.3",
    binaries: { "helm-controller": "github.com/fluxcd/helm-controller" },
    replace: { "github.com/fluxcd/helm-controller/api": "v1.4.3" },
  },
  {
    module: "github.com/fluxcd/notification-controller",
    version: "v1.6.0",
    binaries: { "notification-controller": "github.com/fluxcd/notification-controller" },
    replace: { "github.com/fluxcd/notification-controller/api": "v1.6.0" },
  },
  {
    // also Flux's own installation: the manifests that belong to no controller alone
    module: "github.com/fluxcd/flux2/v2",
    version: "v2.9.5",
    binaries: { flux: "github.com/fluxcd/flux2/v2/cmd/flux" },
    // what `flux install` would apply
    files: { "cmd/flux/manifests/none.yaml": "" },
    variables: { "main.VERSION": "2.9.5" },
  },
  {
    module: "github.com/coredns/coredns",
    version: "v1.13.1",
    binaries: { coredns: "github.com/coredns/coredns" },
  },
  {
    module: "github.com/versity/versitygw",
    version: "v1.0.14",
    binaries: { versitygw: "github.com/versity/versitygw/cmd/versitygw" },
  },
];

/** Every image that the cluster runs. None comes from a registry: they are built here and imported into containerd. */
const image = (name: string, tag: string) => `localhost/migration-gate-test/${name}:${tag}`;
export const images = {
  pause: image("pause", "1"),
  /** The Dockerfile's own image; the tag is what it was built from. */
  gate: "localhost/migration-gate-test/migration-gate",
  /** PostgreSQL with barman-cloud: instances of CNPG, and Jobs that run psql. */
  postgresql: image("postgresql", postgresql),
  cnpg: { plugin: image("cloudnative-pg", cnpg.plugin), inTree: image("cloudnative-pg", cnpg.inTree) },
  /** The plugin and the sidecar it injects. */
  barmanPlugin: image("plugin-barman-cloud", barmanPlugin),
  flux: {
    "source-controller": image("source-controller", "v1.9.6"),
    "kustomize-controller": image("kustomize-controller", "v1.9.6"),
    "helm-controller": image("helm-controller", "v1.4.3"),
    "notification-controller": image("notification-controller", "v1.6.0"),
  },
  /** Git server, S3 server, and whatever else the scenarios have as a neighbour: git, Node, versitygw. */
  neighbours: image("neighbours", "1"),
} as const;
