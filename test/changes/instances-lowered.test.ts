import { instancesLowered } from "../../src/changes/instances-lowered.ts";
import type { AdmissionRequest } from "../../src/model/kubernetes.ts";
import { cluster, describeChange, type Fields, update } from "./requests.ts";

const change = (from: number, to: number, spec: Fields = {}) =>
  update(cluster({ instances: from, ...spec }), cluster({ instances: to, ...spec }));
const synchronous = (number: number) => ({ postgresql: { synchronous: { method: "any", number } } });

/** kubectl scale: kind Scale, whose zero is left out on the wire. */
function scale(from: number, to: number): AdmissionRequest {
  const object = (replicas: number) => ({
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    metadata: { name: "app-postgres", namespace: "production" },
    spec: replicas === 0 ? {} : { replicas },
  });
  const base = change(from, to);
  const kind = { group: "autoscaling", version: "v1", kind: "Scale" };
  return { ...base, kind, subResource: "scale", object: object(to), oldObject: object(from) };
}

const three = { clusters: [cluster({ instances: 3, ...synchronous(1) })] };

describeChange(instancesLowered, {
  "to none": { request: change(2, 0), shows: ["instances 2 → 0 (no server is left)"] },
  "to one": { request: change(2, 1), shows: ["instances 2 → 1 (no standby is left)"] },
  "left out, which means one": {
    request: update(cluster({ instances: 3 }), cluster({ logLevel: "info" })),
    shows: ["instances 3 → 1 (no standby is left)"],
  },
  "below what synchronous.number needs": {
    request: change(4, 2, synchronous(2)),
    shows: ["instances 4 → 2 (synchronous replication needs 3)"],
  },
  "below what minSyncReplicas needs": {
    request: change(4, 2, { minSyncReplicas: 2, maxSyncReplicas: 2 }),
    shows: ["instances 4 → 2 (synchronous replication needs 3)"],
  },
  "scaled to one": { request: scale(3, 1), facts: three, shows: ["instances 3 → 1 (no standby is left)"] },
  "scaled to none": { request: scale(3, 0), facts: three, shows: ["instances 3 → 0 (no server is left)"] },
  "scaled down while the Cluster cannot be read": {
    request: scale(3, 2),
    shows: ["instances 3 → 2 (the Cluster's synchronous minimum is not known)"],
  },
  "scaled down to what is needed": { request: scale(3, 2), facts: three, shows: [] },
  "to what is needed": { request: change(4, 3, synchronous(2)), shows: [] },
  "the operator takes it back": { request: change(2, 1), facts: { isOperator: true }, shows: [] },
  "more of them": { request: change(1, 2), shows: [] },
  "scaled up": { request: scale(1, 2), shows: [] },
  "the default is written out": {
    request: update(cluster({ logLevel: "info" }), cluster({ instances: 1, logLevel: "info" })),
    shows: [],
  },
});
