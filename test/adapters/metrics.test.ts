import { describe, expect, it } from "vitest";
import { countFailures, createMetrics, listMetrics, withCacheState } from "../../src/adapters/metrics.ts";

const measure = {
  operation: "CREATE",
  kind: "Job",
  decision: "deny",
  code: "MG-DENIED",
  dryRun: true,
  milliseconds: 20,
} as const;
const findings = [
  { rule: "drop-table", hazard: "data-loss" },
  { rule: "drop-table", hazard: "data-loss" },
  { rule: "rename-table", hazard: "compatibility" },
];

describe("metrics", () => {
  it("count reviews and their findings, and time them", async () => {
    const metrics = createMetrics({ processMetrics: false });
    metrics.reviewed({ ...measure, findings });
    metrics.reviewed({ ...measure, findings: [] });
    const page = await metrics.text();
    const labels = 'operation="CREATE",kind="Job"';
    expect(page).toContain(
      `migration_gate_reviews_total{${labels},decision="deny",code="MG-DENIED",dry_run="true"} 2\n`,
    );
    expect(page).toContain('migration_gate_findings_total{rule="drop-table",hazard="data-loss"} 2\n');
    expect(page).toContain('migration_gate_findings_total{rule="rename-table",hazard="compatibility"} 1\n');
    expect(page).toContain(`migration_gate_review_duration_seconds_bucket{le="0.01",${labels}} 0\n`);
    expect(page).toContain(`migration_gate_review_duration_seconds_bucket{le="0.025",${labels}} 2\n`);
  });

  it("say what is loaded, when the certificate expires and what failed", async () => {
    const metrics = createMetrics({ processMetrics: false });
    metrics.policyLoaded(true);
    metrics.policyReloadFailed();
    metrics.certificateExpires(new Date("2026-12-01T00:00:00Z"));
    metrics.sqlAnalysisFailed("timeout");
    const page = await withCacheState(metrics, () => [
      { kind: "Cluster", problem: null },
      { kind: "Pooler", problem: "broken" },
    ]).text();
    for (const line of [
      "migration_gate_policy_loaded 1",
      "migration_gate_policy_reload_failures_total 1",
      "migration_gate_certificate_expiry_timestamp_seconds 1796083200",
      'migration_gate_sql_analysis_failures_total{reason="timeout"} 1',
      'migration_gate_cache_synced{kind="Cluster"} 1',
      'migration_gate_cache_synced{kind="Pooler"} 0',
    ]) {
      expect(page).toContain(`${line}\n`);
    }
  });

  it("do not grow with whatever a caller writes as a kind", async () => {
    const metrics = createMetrics({ processMetrics: false });
    for (let n = 0; n < 500; n += 1)
      metrics.reviewed({
        ...measure,
        kind: `Kind${"x".repeat(n % 30)}${String.fromCharCode(65 + (n % 26))}`,
        findings,
      });
    metrics.reviewed({ ...measure, kind: 'a"b', findings });
    metrics.reviewed({ ...measure, kind: "", findings });
    const page = await metrics.text();
    expect(
      page.split("\n").filter((line) => line.startsWith("migration_gate_reviews_total{")).length,
    ).toBeLessThanOrEqual(102);
    expect(page).toContain('kind="other"');
    expect(page).toContain('kind="unknown"');
  });

  it("are listed with name, help and labels, exactly those on the page", async () => {
    const page = await createMetrics({ processMetrics: false }).text();
    const onPage = [...page.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name, help]) => ({ name, help }));
    expect(listMetrics().map(({ name, help }) => ({ name, help }))).toEqual(onPage);
    expect(listMetrics()[0]?.labels).toEqual(["operation", "kind", "decision", "code", "dry_run"]);
  });

  it("have the process' own beside them", async () => {
    expect(await createMetrics().text()).toContain("process_cpu_seconds_total");
  });

  it("count a failed analysis by its code and pass the error on", async () => {
    const reasons: string[] = [];
    const error = Object.assign(new Error("too slow"), { code: "timeout" });
    const failing = { analyze: () => Promise.reject(error) };
    const analyzer = countFailures(failing, { sqlAnalysisFailed: (reason) => reasons.push(reason) });
    await expect(analyzer.analyze({ texts: [] }, new AbortController().signal)).rejects.toBe(error);
    expect(reasons).toEqual(["timeout"]);
  });
});
