import type { KubernetesObject } from "../model/kubernetes.ts";
import type { LocateFacts } from "../model/run.ts";
import { named } from "./candidate.ts";

/** Annotation by which a manifest says what it reaches, where nothing else says it. */
export const targetAnnotation = "migration-gate.dev/target";

/** What the annotation says. `absent`: there is none; `bad`: it names nothing that exists. */
export type ClaimedTarget =
  | { readonly kind: "absent" }
  | { readonly kind: "bad"; readonly reason: string }
  | { readonly kind: "cluster"; readonly cluster: KubernetesObject; readonly database: string };

const form = /^([a-z0-9][a-z0-9.-]*)\/([a-z0-9][a-z0-9.-]*)(?:\/([^/\s]+))?$/;

/** Reads `namespace/cluster[/database]`; the Cluster must exist. */
export function readClaim(claimed: string, facts: LocateFacts): ClaimedTarget {
  if (claimed === "") return { kind: "absent" };
  const match = form.exec(claimed);
  if (match === null)
    return {
      kind: "bad",
      reason: `${targetAnnotation} is not of the form namespace/cluster or namespace/cluster/database`,
    };
  const [, namespace = "", name = "", database = ""] = match;
  const cluster = named(facts.clusters, namespace, name);
  if (cluster === undefined)
    return { kind: "bad", reason: `${targetAnnotation} names Cluster ${namespace}/${name}, which does not exist` };
  return { kind: "cluster", cluster, database };
}
