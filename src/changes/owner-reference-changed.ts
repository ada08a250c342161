import type { Change } from "../model/change.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import { clusterOf, isOfCnpg } from "./cnpg-labels.ts";
import { textAt } from "./fields.ts";
import { subjectOf } from "./hits.ts";
import { updated } from "./judged.ts";

/** A new or other owner: if it does not exist, or once it goes, the garbage collector deletes the object, and is let through. */
export const ownerReferenceChanged: Change = {
  id: "owner-reference-changed",
  title: "Owner reference changed",
  hazard: "data-loss",
  phase: "contract",
  resources: [
    "postgresql.cnpg.io/clusters",
    "postgresql.cnpg.io/databases",
    "postgresql.cnpg.io/backups",
    "postgresql.cnpg.io/scheduledbackups",
    "barmancloud.cnpg.io/objectstores",
    "core/persistentvolumeclaims",
    "snapshot.storage.k8s.io/volumesnapshots",
  ],
  operations: ["UPDATE"],
  why: "the garbage collector deletes the object as soon as its owner is gone, which may be at once",
  instead: "leave owner references to the controllers that write them",
  check(request, facts) {
    const update = facts.isOperator ? null : updated(request);
    if (update === null || !isOfCnpg(update.before)) return [];
    const { before, after } = update;
    if (identities(before) === identities(after)) return [];
    const [from, to] = [owners(before), owners(after)];
    const display = from === to ? `owner ${to}: another uid` : `owner ${from} → ${to}`;
    return [
      {
        subject: subjectOf(after),
        display,
        difference: { "metadata.ownerReferences": { from, to } },
        cluster: clusterOfAny(before),
      },
    ];
  },
};

function identities({ metadata }: KubernetesObject): string {
  const references = metadata.ownerReferences ?? [];
  return references
    .map(({ kind, name, uid }) => `${kind}/${name}/${uid}`)
    .sort()
    .join(",");
}

function owners({ metadata }: KubernetesObject): string {
  const references = metadata.ownerReferences ?? [];
  return (
    references
      .map(({ kind, name }) => `${kind}/${name}`)
      .sort()
      .join(", ") || "none"
  );
}

function clusterOfAny(object: KubernetesObject): string {
  return object.kind === "Cluster"
    ? object.metadata.name
    : textAt(object, "spec", "cluster", "name") || clusterOf(object);
}
