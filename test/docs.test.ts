import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listMetrics } from "../src/adapters/metrics.ts";
import { changes } from "../src/changes/index.ts";
import { listSettings } from "../src/config.ts";
import { evidenceKinds } from "../src/evidence/index.ts";
import { recoveryChecks } from "../src/evidence/recovery/index.ts";
import { denialCodes } from "../src/gate/denial-codes.ts";
import { hazardTexts } from "../src/hazards.ts";
import { hazards } from "../src/model/sql.ts";
import { rules } from "../src/rules/index.ts";
import { sources } from "../src/sources/index.ts";
import { stepFindings } from "../src/step-findings.ts";
import { tools } from "../src/tools/index.ts";
import { knownHazards } from "./rules/known-hazards.ts";

/** Pages of docs/ are printed from the code. `npm run test:update` rewrites them; CI refuses a stale one. */
const pages: Readonly<Record<string, () => string>> = {
  "rules.md": rulesPage,
  "changes.md": changesPage,
  "tools.md": toolsPage,
  "sources.md": sourcesPage,
  "evidence.md": evidencePage,
  "denial-codes.md": codesPage,
  "metrics.md": metricsPage,
  "settings.md": settingsPage,
};

describe("the printed pages", () => {
  it.for(Object.entries(pages))("docs/%s is what the code says", async ([name, print]) => {
    const text = `<!-- Printed by test/docs.test.ts; npm run test:update rewrites it. -->\n\n${print()}\n`;
    await expect(text).toMatchFileSnapshot(join(import.meta.dirname, "../docs", name));
  });
});

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly hazard: string;
  readonly phase: string;
  readonly why: string;
  readonly instead: string;
}

function rulesPage(): string {
  const entries = [...rules, ...stepFindings].toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const examples = new Map(rules.map((rule) => [rule.id, exampleBlock(rule.bad, rule.good)]));
  return [
    "# SQL rules",
    "A rule says what harm a statement can do; the policy says what that harm costs. Every `flagged` and `fine` example that PGlite can run is executed in a real PostgreSQL by `test/rules/oracle.test.ts`: losses by the rows that are gone, locks and rewrites by the locks held and the files that are new.",
    "## Hazards",
    table(
      ["hazard", "meaning", "rules"],
      hazards.map((hazard) => [`\`${hazard}\``, hazardTexts[hazard], code(idsOf(entries, hazard))]),
    ),
    "Some rules say a milder or harsher hazard where the statement shows it: a column type that PostgreSQL refuses to cut, CASCADE, a view without rows. Backups, archiving and Clusters are judged by [changes](changes.md) and [evidence](evidence.md), not by SQL rules.",
    "## Known hazards and who finds them",
    "Every hazard that reviewers and other tools know of, rules of style left out.",
    table(
      ["about", "hazard", "found by", "remark"],
      knownHazards.map(({ kind, hazard, answer, rules: ids, remark }) => [
        kind,
        hazard,
        answer === "rules" ? ids.map((id) => `[\`${id}\`](#${id})`).join(", ") : answer,
        remark,
      ]),
    ),
    "## All rules",
    entryTable(entries),
    ...entries.map((entry) => section(entry, examples.get(entry.id) ?? "")),
  ].join("\n\n");
}

function idsOf(entries: readonly Entry[], wanted: string): readonly string[] {
  return entries.filter(({ hazard }) => hazard === wanted).map(({ id }) => id);
}

function changesPage(): string {
  return [
    "# Cluster changes",
    "Changes of CNPG Clusters and of what they depend on. A change is approved by the digest of its semantic difference.",
    entryTable(changes),
    ...changes.map((change) =>
      section(
        change,
        `Looks at: ${change.operations.join(", ")} of ${change.resources.map((name) => `\`${name}\``).join(", ")}`,
      ),
    ),
  ].join("\n\n");
}

function toolsPage(): string {
  return [
    "# Tools",
    "Programs the gate knows by name, image or arguments. A tool whose files are not read yet is told by its command alone; everything else in a container that reaches a database is an unknown program.",
    table(
      ["tool", "programs", "images", "dialect"],
      tools.map(({ id, title, binaries, images, dialect }) => [
        `<a id="${id}"></a>${title}`,
        code(binaries),
        code(images.map(({ repository }) => repository)),
        dialect,
      ]),
    ),
  ].join("\n\n");
}

function sourcesPage(): string {
  return [
    "# Sources",
    "Objects the gate reads SQL and commands from. In objects that serve, only a recognised tool counts in the main containers.",
    table(
      ["source", "resource", "main containers serve"],
      sources.map(({ id, title, resource, serves }) => [
        `<a id="${id}"></a>${title}`,
        `\`${resource}\``,
        serves ? "yes" : "no",
      ]),
    ),
  ].join("\n\n");
}

function evidencePage(): string {
  return [
    "# Evidence",
    table(
      ["evidence", "what it proves", "how to get it"],
      evidenceKinds.map(({ id, proves, obtain }) => [`<a id="${id}"></a>\`${id}\``, proves, obtain]),
    ),
    "## What a recovery point has to stand up to",
    "Every check must pass. Conditions of the Cluster only ever veto: they are written when something changes, so an old `True` proves nothing.",
    table(
      ["check", "why"],
      recoveryChecks.map(({ id, why }) => [`\`${id}\``, why]),
    ),
  ].join("\n\n");
}

function codesPage(): string {
  return [
    "# Denial codes",
    "Codes are stable: alerts and scripts may rest on them.",
    table(
      ["code", "means", "what to do"],
      denialCodes.map(({ code: name, means, remedy }) => [`<a id="${name}"></a>\`${name}\``, means, remedy]),
    ),
  ].join("\n\n");
}

function metricsPage(): string {
  return [
    "# Metrics",
    "Served on `/metrics`; Node's default process metrics come with them.",
    table(
      ["metric", "labels", "meaning"],
      listMetrics().map(({ name, labels, help }) => [`\`${name}\``, code(labels), help]),
    ),
  ].join("\n\n");
}

function settingsPage(): string {
  return [
    "# Settings",
    "Settings of `serve`, by environment variable or in the YAML file of `--config` under the name in the first column. Flags go before the environment, the environment before the file.",
    table(
      ["setting", "environment", "default", "meaning"],
      listSettings().map(({ name, environment, default: value, help }) => [
        `\`${name}\``,
        `\`${environment}\``,
        value === "" ? "" : `\`${value}\``,
        help,
      ]),
    ),
  ].join("\n\n");
}

function entryTable(entries: readonly Entry[]): string {
  return table(
    ["id", "hazard", "phase", "title"],
    entries.map(({ id, title, hazard, phase }) => [`[\`${id}\`](#${id})`, hazard, phase, title]),
  );
}

function section({ id, title, hazard, phase, why, instead }: Entry, rest: string): string {
  return [
    `### ${id}`,
    `${title}. Hazard \`${hazard}\`, phase \`${phase}\`.`,
    `- **Effect:** ${why}\n- **Instead:** ${instead}`,
    ...(rest === "" ? [] : [rest]),
  ].join("\n\n");
}

function exampleBlock(bad: readonly string[], good: readonly string[]): string {
  const lines = [...bad.map((sql) => `-- flagged\n${sql}`), ...good.map((sql) => `-- fine\n${sql}`)];
  return `\`\`\`sql\n${lines.join("\n")}\n\`\`\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
