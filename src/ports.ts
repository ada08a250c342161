import type { GateSettings } from "./model/gate.ts";
import type { KubernetesObject, ReadableKind } from "./model/kubernetes.ts";
import type { Policy } from "./model/policy.ts";
import type { SqlAnalysis, SqlAnalysisRequest } from "./model/sql.ts";

/** Reading the cluster. An absent object is null; a cluster that cannot be asked throws ReadError. */
export interface ObjectReader {
  /** ConfigMap, Job, Pod and Backup are read live; the rest may come from a watch that is known to be in sync. */
  get(kind: ReadableKind, namespace: string, name: string, signal: AbortSignal): Promise<KubernetesObject | null>;
  /** namespace "" lists the whole cluster */
  list(kind: ReadableKind, namespace: string, signal: AbortSignal): Promise<readonly KubernetesObject[]>;
}

/** Parsing SQL and walking the rules, in a worker that can be thrown away. Never throws for bad SQL; throws AnalysisError when a worker died or time ran out. */
export interface SqlAnalyzer {
  analyze(request: SqlAnalysisRequest, signal: AbortSignal): Promise<SqlAnalysis>;
}

/** ConfigMaps seen in dry-runs: remembered for a minute by user, so that a Job's dry-run can be judged by what is coming. */
export interface Previews {
  remember(user: string, configMap: KubernetesObject): void;
  /** waits up to `waitMs` for a preview that is on its way */
  find(
    user: string,
    namespace: string,
    name: string,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<KubernetesObject | null>;
}

export interface Clock {
  now(): Date;
}

/** Everything the gate asks of the world, and what it was told about it. */
export interface World {
  readonly reader: ObjectReader;
  readonly analyzer: SqlAnalyzer;
  readonly previews: Previews;
  readonly clock: Clock;
  /** the policies in force now: they are reloaded while the gate runs */
  policies(): readonly Policy[];
  readonly settings: GateSettings;
  /** manifests instead of a cluster: evidence that exists only at sync time is listed as such and denies nothing */
  readonly offline: boolean;
}
