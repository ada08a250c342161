import type { AdmissionRequest, KubernetesObject } from "./kubernetes.ts";

/** What kind of change a request is: the answer of the step `identify`. */
export type Subject =
  /** not the gate's business, or nothing changed that matters; `reason` says which */
  | { readonly kind: "untouched"; readonly reason: string }
  /** it may be the gate's business, but it cannot be told what it is */
  | { readonly kind: "unidentified"; readonly reason: string }
  /** something that may run SQL: `source` is an id of the sources catalogue */
  | { readonly kind: "run"; readonly source: string; readonly carrier: KubernetesObject; readonly moment: Moment }
  /** a ConfigMap in a dry-run: remembered, so that the Job behind it can be judged by what is coming */
  | { readonly kind: "preview"; readonly configMap: KubernetesObject }
  /** a real change of a ConfigMap: matters while a run that reads it is under way */
  | { readonly kind: "config-map"; readonly configMap: KubernetesObject }
  /** DELETE of a Job that may be running SQL right now */
  | { readonly kind: "run-deletion"; readonly job: KubernetesObject }
  /** kubectl exec or attach */
  | { readonly kind: "exec"; readonly options: KubernetesObject }
  | { readonly kind: "change" };

/**
 * When a run is judged. `schedule`: a CronJob is admitted, its runs come later, so freshness is asked of each run and not here.
 * `pod-start`: the moment of truth; freshness may be twice the policy's bound.
 */
export type Moment = "admission" | "schedule" | "pod-start";

/** What the gate is told about its surroundings. Accounts are user names as the API server reports them. */
export interface GateSettings {
  readonly operatorAccounts: readonly string[];
  /** namespaces nothing is judged in: kube-system, Flux's, the operator's, the gate's own */
  readonly exemptNamespaces: readonly string[];
  readonly clusterDomain: string;
}

/** Where a decision starts from: the request, and how a failure to judge is to be answered. */
export interface Asked {
  readonly request: AdmissionRequest;
  /** the registration's failurePolicy is Ignore: what cannot be judged because the gate itself failed is let through with a warning */
  readonly failOpen: boolean;
}
