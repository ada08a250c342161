import type { FileObject } from "../adapters/files.ts";
import type { Decision, Finding } from "../model/decision.ts";
import type { Origin } from "../model/origin.ts";

/**
 * SARIF 2.1.0 for code scanning: a result a finding. The line is the object's in its file, since a ConfigMap's key has
 * no line of its own for every way YAML can write it; the logical location says key and line of the SQL.
 */
export function sarif(decisions: readonly Decision[], fileOf: (origin: Origin) => FileObject | null) {
  const findings = decisions.flatMap(({ decision, findings: all }) => all.map((finding) => ({ finding, decision })));
  const rules = new Map(findings.map(({ finding }) => [finding.rule, finding]));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "migration-gate", rules: [...rules.values()].map(ruleOf) } },
        results: findings.map(({ finding, decision }) => resultOf(finding, decision, fileOf(finding.origin))),
      },
    ],
  };
}

function ruleOf({ rule, hazard, why, instead }: Finding) {
  return { id: rule, shortDescription: { text: why }, help: { text: instead }, properties: { hazard } };
}

function resultOf(finding: Finding, decision: Decision["decision"], file: FileObject | null) {
  const { rule, statement, why, origin } = finding;
  const place = { fullyQualifiedName: `${origin.object} ${origin.key}:${origin.line}` };
  const physical =
    file === null
      ? {}
      : { physicalLocation: { artifactLocation: { uri: file.file }, region: { startLine: Math.max(1, file.line) } } };
  return {
    ruleId: rule,
    level: decision === "deny" ? "error" : "warning",
    message: { text: `${statement}: ${why}` },
    locations: [{ ...physical, logicalLocations: [place] }],
  };
}
