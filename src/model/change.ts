import type { AdmissionRequest, KubernetesObject } from "./kubernetes.ts";
import type { Hazard, Phase } from "./sql.ts";

/** What a change may look at besides the request: gathered once, before anything is judged. */
export interface ChangeFacts {
  /** CNPG Clusters, ObjectStores, Backups, … of the request's namespace */
  readonly clusters: readonly KubernetesObject[];
  readonly backups: readonly KubernetesObject[];
  readonly objectStores: readonly KubernetesObject[];
  readonly databases: readonly KubernetesObject[];
  readonly volumeSnapshots: readonly KubernetesObject[];
  /** names of the policies that a Namespace's labels choose before and after, "" for none or for other objects */
  readonly policies: { readonly before: string; readonly after: string };
  /** true if the account may do what operators and instance managers do in this namespace */
  readonly isOperator: boolean;
  readonly isInstanceManager: boolean;
}

/** One dangerous change found in an object. */
export interface ChangeHit {
  /** what is hit: "Cluster production/app-postgres" or a field of it */
  readonly subject: string;
  /** one line for people: "storage.size 10Gi → 5Gi" */
  readonly display: string;
  /** the semantic difference, canonical: it goes into the digest, so it has no uids, times or defaults */
  readonly difference: Readonly<Record<string, unknown>>;
  /** Cluster the change bears on, "" if none is known (then the namespace's policy alone decides) */
  readonly cluster: string;
}

/** Catalogue entry: one kind of cluster change, one file. */
export interface Change {
  readonly id: string;
  readonly title: string;
  readonly hazard: Hazard;
  readonly phase: Phase;
  /** resources it looks at, "group/resource" or "group/resource/subresource" ("" group is "core") */
  readonly resources: readonly string[];
  readonly operations: readonly ("CREATE" | "UPDATE" | "DELETE")[];
  /** effect in the user's terms, and the fact it rests on */
  readonly why: string;
  readonly instead: string;
  check(request: AdmissionRequest, facts: ChangeFacts): readonly ChangeHit[];
}
