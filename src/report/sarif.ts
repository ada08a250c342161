import type { FileObject } from "../adapters/files.ts";
import type { Decision, Finding } from "../model/decision.ts";
import type { Origin } from "../model/origin.ts";

/**
 * SARIF 2.1.0 for code scanning: a result a finding. The logical location says object, key and line of the SQL; the physical
 * one the line of the file, or of the object where YAML has no line for it (SQL in quotes, in a command).
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
  const physical = file === null ? {} : { physicalLocation: physicalLocation(file, origin) };
  return {
    ruleId: rule,
    level: decision === "deny" ? "error" : "warning",
    message: { text: `${statement}: ${why}` },
    locations: [{ ...physical, logicalLocations: [place] }],
  };
}

/** The very line where the manifest has one for it, else the object's. */
function physicalLocation(file: FileObject, origin: Origin) {
  const start = file.textLines.get(origin.key);
  const startLine = start === undefined ? Math.max(1, file.line) : start + origin.line - 1;
  return { artifactLocation: { uri: file.file }, region: { startLine } };
}
