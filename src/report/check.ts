import type { FileObject } from "../adapters/files.ts";
import { describe, describeMissing } from "../gate/answer.ts";
import { counted } from "../model/counted.ts";
import type { Decision, Finding } from "../model/decision.ts";
import type { Origin } from "../model/origin.ts";
import { sarif } from "./sarif.ts";

/** What a report is told besides the decisions: how many objects were looked at, and whether a person reads it. */
interface Looked {
  readonly objects: number;
  readonly isTerminal: boolean;
}

type Report = (decisions: readonly Decision[], files: readonly FileObject[], looked: Looked) => string;

/** Decisions of `check` in each of its formats (design section 14). */
export const checkReports: Readonly<Record<"text" | "json" | "markdown" | "sarif", Report>> = {
  text,
  json: (decisions, files) => `${JSON.stringify(asJson(decisions, files), null, 2)}\n`,
  markdown,
  sarif: (decisions, files) =>
    `${JSON.stringify(
      sarif(decisions, (origin) => fileOf(origin, files)),
      null,
      2,
    )}\n`,
};

function text(decisions: readonly Decision[], _files: readonly FileObject[], looked: Looked): string {
  const blocks = decisions.filter(({ decision }) => decision !== "allow").map((decision) => block(decision, looked));
  return `${[...blocks, summary(decisions, looked)].join("\n\n")}\n`;
}

const colours = { deny: "\u001b[31m", warn: "\u001b[33m", allow: "\u001b[32m" } as const;

function block(decision: Decision, { isTerminal }: Looked): string {
  const { kind, namespace, name } = decision.object;
  const title = `${decision.decision.toUpperCase()}  ${kind} ${namespace === "" ? name : `${namespace}/${name}`}`;
  const head = isTerminal ? `${colours[decision.decision]}${title}\u001b[0m` : title;
  return [head, ...bodyOf(decision)].join("\n");
}

function bodyOf(decision: Decision): readonly string[] {
  const later = decision.missing.filter((missing) => missing.atSync && !decision.blocking.includes(missing));
  return [...describe(decision).split("\n"), ...later.map((missing) => `  at sync: ${describeMissing(missing)}`)];
}

function summary(decisions: readonly Decision[], { objects }: Looked): string {
  const count = (wanted: Decision["decision"]) => decisions.filter(({ decision }) => decision === wanted).length;
  const findings = decisions.reduce((sum, decision) => sum + decision.findings.length, 0);
  const seen = `${counted(objects, "object")}, ${counted(findings, "finding")}`;
  return `${seen}: ${count("deny")} denied, ${count("warn")} warned`;
}

function markdown(decisions: readonly Decision[], _files: readonly FileObject[], looked: Looked): string {
  const spoken = decisions.filter(({ decision }) => decision !== "allow");
  const sections = spoken.map((decision) => {
    const { kind, namespace, name } = decision.object;
    const mark = decision.decision === "deny" ? "❌" : "⚠️";
    return `### ${mark} ${kind} ${namespace}/${name}\n\n\`\`\`text\n${bodyOf(decision).join("\n").replaceAll("```", "'''")}\n\`\`\``;
  });
  return `${[`## Migration Gate\n\n${summary(decisions, looked)}`, ...sections].join("\n\n")}\n`;
}

function asJson(decisions: readonly Decision[], files: readonly FileObject[]) {
  return {
    version: 1,
    decisions: decisions.map((decision) => ({
      object: decision.object,
      decision: decision.decision,
      code: decision.code,
      target: decision.target,
      units: decision.units.map(({ digest, phase, origin }) => ({ digest, phase, origin: withPath(origin, files) })),
      findings: decision.findings.map((finding) => findingJson(finding, files)),
      missing: decision.missing.map(({ evidence, reason, remedy, atSync }) => ({ evidence, reason, remedy, atSync })),
      message: describe(decision),
    })),
  };
}

function findingJson({ rule, hazard, statement, origin }: Finding, files: readonly FileObject[]) {
  return { rule, hazard, statement, origin: withPath(origin, files) };
}

function withPath(origin: Origin, files: readonly FileObject[]) {
  const { object, key, line } = origin;
  return { object, key, path: fileOf(origin, files)?.file ?? "", line };
}

/** The file an origin's object stands in, null if it came from the cluster. */
function fileOf(origin: Origin, files: readonly FileObject[]): FileObject | null {
  const named = files.filter(({ object: { kind, metadata } }) => {
    const namespace = metadata.namespace ?? "default";
    return origin.object === `${kind} ${namespace}/${metadata.name}` || origin.object === `${kind} ${metadata.name}`;
  });
  return named.at(-1) ?? null;
}
