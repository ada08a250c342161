import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Decision } from "../model/decision.ts";
import type { SqlAnalyzer } from "../ports.ts";

/** What is counted of one review. */
interface ReviewMeasure {
  readonly operation: string;
  readonly kind: string;
  readonly decision: Decision["decision"];
  readonly code: string;
  readonly dryRun: boolean;
  readonly findings: readonly { readonly rule: string; readonly hazard: string }[];
  readonly milliseconds: number;
}

/** The gate's metrics: what the parts report, and the page Prometheus reads. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  reviewed(measure: ReviewMeasure): void;
  policyLoaded(isLoaded: boolean): void;
  policyReloadFailed(): void;
  certificateExpires(at: Date): void;
  sqlAnalysisFailed(reason: string): void;
  cacheSynced(kind: string, isSynced: boolean): void;
}

const described = {
  reviews: ["migration_gate_reviews_total", "Admission reviews answered, by what was asked and how it was decided."],
  duration: ["migration_gate_review_duration_seconds", "Time from a review's arrival to its answer, in seconds."],
  findings: ["migration_gate_findings_total", "Findings in answered reviews, by rule and hazard; dry-runs included."],
  reloadFailures: [
    "migration_gate_policy_reload_failures_total",
    "Policy files that were refused after the start; the old policies stay in force.",
  ],
  policyLoaded: ["migration_gate_policy_loaded", "1 if policies are loaded, else 0."],
  expiry: [
    "migration_gate_certificate_expiry_timestamp_seconds",
    "When the certificate being served expires, in seconds since 1970.",
  ],
  sqlFailures: [
    "migration_gate_sql_analysis_failures_total",
    "SQL that could not be analysed because a worker died or time ran out.",
  ],
  cacheSynced: ["migration_gate_cache_synced", "1 if the watched kind is in sync with the API server, else 0."],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;

const labels = {
  reviews: ["operation", "kind", "decision", "code", "dry_run"],
  duration: ["operation", "kind"],
  findings: ["rule", "hazard"],
  sqlFailures: ["reason"],
  cacheSynced: ["kind"],
} as const;

/** Every metric of the gate's own with its help text and labels, for the documentation. */
export function listMetrics(): readonly {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}[] {
  const labelled: Readonly<Record<string, readonly string[]>> = labels;
  return Object.entries(described).map(([key, [name, help]]) => ({ name, help, labels: labelled[key] ?? [] }));
}

/** Operations and kinds come from whoever calls; one that is no Kubernetes word would make a time series of its own. */
const plainWord = /^[A-Za-z]{1,40}$/;
const mostKinds = 100;

/** Makes the gate's metrics in a registry of their own. `processMetrics` adds Node's usual ones. */
export function createMetrics({ processMetrics = true } = {}): Metrics {
  const registry = new Registry();
  const of = <Key extends keyof typeof described>(key: Key) => {
    const [name, help] = described[key];
    return { name, help, registers: [registry] };
  };
  const reviews = new Counter({ ...of("reviews"), labelNames: labels.reviews });
  // A no-op must cost milliseconds, the deadline is 3.5 s, the API server gives up at 5 s.
  const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3.5, 5];
  const duration = new Histogram({ ...of("duration"), labelNames: labels.duration, buckets });
  const findings = new Counter({ ...of("findings"), labelNames: labels.findings });
  const reloadFailures = new Counter(of("reloadFailures"));
  const policyLoaded = new Gauge(of("policyLoaded"));
  const expiry = new Gauge(of("expiry"));
  const sqlFailures = new Counter({ ...of("sqlFailures"), labelNames: labels.sqlFailures });
  const cacheSynced = new Gauge({ ...of("cacheSynced"), labelNames: labels.cacheSynced });
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const known = knownWords();
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    reviewed({ decision, code, dryRun, milliseconds, ...said }) {
      const operation = known(said.operation);
      const kind = known(said.kind);
      reviews.inc({ operation, kind, decision, code, dry_run: String(dryRun) });
      duration.observe({ operation, kind }, milliseconds / 1000);
      for (const { rule, hazard } of said.findings) findings.inc({ rule, hazard });
    },
    policyLoaded: (isLoaded) => policyLoaded.set(Number(isLoaded)),
    policyReloadFailed: () => reloadFailures.inc(),
    certificateExpires: (at) => expiry.set(at.getTime() / 1000),
    sqlAnalysisFailed: (reason) => sqlFailures.inc({ reason }),
    cacheSynced: (kind, isSynced) => cacheSynced.set({ kind }, Number(isSynced)),
  };
}

/** Lets through as many words as a cluster can have kinds; the rest is "other". */
function knownWords(): (word: string) => string {
  const seen = new Set<string>();
  return (word) => {
    if (word === "") return "unknown";
    if (seen.has(word)) return word;
    if (!plainWord.test(word) || seen.size >= mostKinds) return "other";
    seen.add(word);
    return word;
  };
}

/** The same analyzer, its failures counted by their code. */
export function countFailures(analyzer: SqlAnalyzer, metrics: Pick<Metrics, "sqlAnalysisFailed">): SqlAnalyzer {
  return {
    analyze: (request, signal) =>
      analyzer.analyze(request, signal).catch((error: unknown) => {
        metrics.sqlAnalysisFailed(error instanceof Error && "code" in error ? String(error.code) : "unknown");
        throw error;
      }),
  };
}

/** The page with the state of the watches as it is then: a cache grows stale by time, without any event that could be counted. */
export function withCacheState(
  metrics: Metrics,
  watches: () => readonly { readonly kind: string; readonly problem: string | null }[],
): Pick<Metrics, "contentType" | "text"> {
  return {
    contentType: metrics.contentType,
    text: () => {
      for (const { kind, problem } of watches()) metrics.cacheSynced(kind, problem === null);
      return metrics.text();
    },
  };
}
