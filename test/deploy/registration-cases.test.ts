import { describe, expect, it } from "vitest";
import { recordedReviews } from "../golden/recording.ts";
import { type RawRequest, sentTo } from "./registrations.ts";
import {
  annotated,
  by,
  byPodOf,
  type Change,
  containers,
  crd,
  exec,
  finalizers,
  going,
  inGroup,
  initContainers,
  ofNoDatabase,
  onPod,
  otherImage,
  owner,
  parallelism,
  person,
  projected,
  relabelled,
  replicaSet,
  same,
  sameData,
  shrunk,
  ungated,
  volume,
  withMetadata,
  workload,
} from "./request-changes.ts";

const operator = "system:serviceaccount:cnpg-system:cnpg-manager";

type Case = readonly [
  what: string,
  review: string,
  change: Change,
  sent: readonly string[],
  where?: { readonly mode?: string; readonly endpoint?: string },
];

/** What was not recorded, made of what was: a recorded review with one thing changed. */
describe("a request is sent", () => {
  it.for<Case>([
    [
      "a Pod of a run, where all controllers are one account",
      "0044",
      by("system:kube-controller-manager"),
      ["enforced-runs"],
    ],
    ["a Pod with CNPG's label that runs psql", "0008", onPod(containers("psql")), ["enforced-runs"]],
    [
      "a Pod with CNPG's label and an init container that runs sh",
      "0008",
      onPod(initContainers("sh")),
      ["enforced-runs"],
    ],
    [
      "a Pod with CNPG's label that reads a ConfigMap",
      "0008",
      onPod(volume({ configMap: { name: "sql" } })),
      ["enforced-runs"],
    ],
    ["the same by a projected volume", "0008", onPod(volume(projected("sql"))), ["enforced-runs"]],
    ["the operator's Job without a Cluster as owner", "0007", withMetadata({ ownerReferences: [] }), ["enforced-runs"]],
    ["a Pod that gets another image", "0027", onPod(otherImage), ["enforced-runs"]],
    ["a Pod whose scheduling gate is lifted", "0027", ungated, ["enforced-runs"]],
    ["an ephemeral container", "0027", () => ({ subResource: "ephemeralcontainers" }), ["enforced-runs"]],
    ["kubectl exec", "0027", exec("psql"), ["enforced-runs"]],
    ["a person's exec of the instance manager", "0027", exec("/controller/manager"), ["enforced-runs"]],
    ["the operator's exec of anything else", "0027", exec("psql", operator), ["enforced-runs"]],
    ["a Job whose parallelism is lifted from 0", "0094", parallelism, ["enforced-runs"]],
    [
      "a Backup deleted under an instance's account, without its Pod",
      "0149",
      by("system:serviceaccount:production:app-postgres"),
      ["enforced-clusters"],
    ],
    ["a Backup deleted by another Pod of the namespace", "0149", byPodOf("backend"), ["enforced-clusters"]],
    [
      "a Backup deleted from a Pod under the instance's account: only the gate knows the Cluster's own Pods",
      "0149",
      byPodOf("app-postgres"),
      ["enforced-clusters"],
    ],
    ["a volume that loses CNPG's labels", "0011", person(withMetadata({ labels: {} })), ["enforced-clusters"]],
    [
      "a Cluster that gets an owner",
      "0118",
      withMetadata({ ownerReferences: [owner("ConfigMap")] }),
      ["enforced-clusters"],
    ],
    ["a Cluster whose volume shrinks", "0118", shrunk, ["enforced-clusters"]],
    ["the same, before CNPG refuses it", "0118", shrunk, ["enforced-cluster-changes"], { endpoint: "mutate" }],
    [
      "the same in an audited namespace",
      "0118",
      shrunk,
      ["audited-cluster-changes"],
      { endpoint: "mutate", mode: "audit" },
    ],
    ["a Namespace that loses its label", "0153", relabelled({}), ["enforced-namespaces"]],
    [
      "a Namespace that goes from enforce to audit",
      "0153",
      relabelled({ "migration-gate.dev/mode": "audit" }),
      ["enforced-namespaces"],
    ],
    ["the deletion of the CRD of Clusters", "0148", crd("clusters.postgresql.cnpg.io"), ["crds"], { mode: "" }],
    ["a Deployment with another template", "0025", workload({ template: 1 }, { template: 2 }), ["best-effort"]],
    ["a ReplicaSet of nobody", "0025", replicaSet([]), ["best-effort"]],
    ["a Job where the mode is misspelt", "0041", same, ["enforced-runs", "unlabelled-runs"], { mode: "enforced" }],
    ["a Job where the mode is off", "0041", same, ["unlabelled-runs"], { mode: "off" }],
  ])("%s", sends);
});

describe("a request is not sent", () => {
  it.for<Case>([
    ["in an emergency", "0041", inGroup("migration-gate:emergency"), []],
    ["in an emergency, when a Namespace is deleted", "0153", inGroup("migration-gate:emergency"), []],
    ["in kube-system, whatever its label", "0041", () => ({ namespace: "kube-system" }), []],
    ["in flux-system, unlabelled", "0041", () => ({ namespace: "flux-system" }), [], { mode: "" }],
    ["when the scheduler chooses a node for a volume", "0009", by("system:kube-scheduler"), []],
    ["when a StatefulSet's volume is deleted", "0151", ofNoDatabase, []],
    [
      "when the garbage collector orphans a Backup",
      "0118",
      by("system:serviceaccount:kube-system:generic-garbage-collector"),
      [],
    ],
    ["when a Cluster that is going is deleted again", "0148", going, []],
    ["when only finalizers change", "0118", finalizers, []],
    [
      "when only a Cluster's metadata changes, to what looks before CNPG",
      "0118",
      annotated,
      [],
      { endpoint: "mutate" },
    ],
    ["when the operator has an instance take a backup", "0027", exec("/controller/manager", operator), []],
    ["for a ReplicaSet's Pod", "0044", by("system:serviceaccount:kube-system:replicaset-controller"), []],
    ["for a Deployment's ReplicaSet", "0025", replicaSet([owner("Deployment")]), []],
    ["when a Deployment is scaled", "0025", workload({ replicas: 1 }, { replicas: 2 }), []],
    ["when a ConfigMap's annotations change", "0116", withMetadata({ annotations: { leader: "b" } }, sameData), []],
    ["when a Namespace gets an annotation", "0153", annotated, []],
    ["when a CRD of others is deleted", "0148", crd("certificates.cert-manager.io"), [], { mode: "" }],
  ])("%s", sends);
});

function sends([, number, change, sent, { mode = "enforce", endpoint = "validate" } = {}]: Case): void {
  const found = recordedReviews().find(({ file }) => file.startsWith(number));
  const request: RawRequest = JSON.parse(JSON.stringify(found?.body.request));
  expect(sentTo({ endpoint, mode, request: { ...request, ...change(request) } })).toEqual(sent);
}
