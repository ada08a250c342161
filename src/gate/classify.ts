import { changeDigest, opaqueDigest, sqlDigest } from "../digest.ts";
import type { Change, ChangeFacts } from "../model/change.ts";
import { counted } from "../model/counted.ts";
import type { Finding, Unit } from "../model/decision.ts";
import type { AdmissionRequest } from "../model/kubernetes.ts";
import { resourceOf } from "../model/resource.ts";
import type { Location, Opaque, Origin, ParsedStep, Step, Target } from "../model/run.ts";
import { isSameList } from "../model/same.ts";
import type { AnalyzedText, Phase, RuleHit, SqlText } from "../model/sql.ts";
import { displayWord } from "../model/word.ts";
import { commandFindings, opaqueFindings, type StepFinding } from "../step-findings.ts";

/**
 * Step 6 for runs: every SQL text is a unit, and so is every step with something in it that cannot be read. Tools that
 * read SQL files as they are run them all, every time and in order, so a text's place among those of its target counts.
 */
export function classify(steps: readonly ParsedStep[], namespace: string): readonly Unit[] {
  const [first] = steps;
  if (first === undefined) return [];
  const parts = [namespace, ...steps.flatMap(({ step, location, texts }) => [step, location, ...texts])];
  const known = classified.get(first.step);
  if (known !== undefined && isSameList(known.parts, parts)) return known.units;
  const units = classifyAnew(steps, namespace);
  classified.set(first.step, { parts, units });
  return units;
}

/** What was read once is the same thing when it is asked about again (runs/run-cache.ts), and so are its units. */
const classified = new WeakMap<Step, { readonly parts: readonly unknown[]; readonly units: readonly Unit[] }>();

function classifyAnew(steps: readonly ParsedStep[], namespace: string): readonly Unit[] {
  const last = new Map<string, string>();
  return steps.flatMap((parsed) => {
    const key = JSON.stringify(placeOf(parsed.location));
    const texts = parsed.step.sql.map((text, index) => {
      const unit = sqlUnit(parsed, namespace, text, parsed.texts[index], last.get(key) ?? "");
      last.set(key, unit.digest);
      return unit;
    });
    return [...texts, ...stepUnit(parsed, namespace)];
  });
}

/** Where a step connects to, without how that was found out. */
function placeOf(location: Location): readonly string[] {
  switch (location.kind) {
    case "cluster":
      return [location.target.namespace, location.target.cluster, location.target.database];
    case "external":
      return [location.host, location.database];
    case "unknown":
      return [];
  }
}

/** Step 6 for cluster changes: every hit of the changes catalogue is a unit of its own. */
export function classifyChange(
  request: AdmissionRequest,
  changes: readonly Change[],
  facts: ChangeFacts,
): readonly Unit[] {
  const resource = resourceOf(request);
  return changes
    .filter((change) => change.resources.includes(resource))
    .flatMap((change) => change.check(request, facts).map((hit) => changeUnit(request, change, hit)));
}

function changeUnit(request: AdmissionRequest, change: Change, hit: ReturnType<Change["check"]>[number]): Unit {
  const { apiVersion, kind } = request.object ?? request.oldObject ?? { apiVersion: "", kind: request.kind.kind };
  const object = { apiVersion, kind, namespace: kind === "Namespace" ? "" : request.namespace, name: request.name };
  const origin = { object: objectName(object), key: "", line: 0 };
  const target = hit.cluster === "" ? null : { namespace: request.namespace, cluster: hit.cluster, database: "" };
  const { id: rule, hazard, phase, why, instead } = change;
  return {
    digest: changeDigest({ change: change.id, object, difference: hit.difference }),
    kind: "change",
    phase,
    origin,
    target,
    covers: `${hit.subject}: ${hit.display}`,
    changesSchema: false,
    findings: [{ rule, hazard, phase, subject: hit.subject, statement: hit.display, origin, why, instead }],
  };
}

function objectName(object: { kind: string; namespace: string; name: string }): string {
  return object.namespace === ""
    ? `${object.kind} ${object.name}`
    : `${object.kind} ${object.namespace}/${object.name}`;
}

function sqlUnit(
  { step, location }: ParsedStep,
  namespace: string,
  text: SqlText,
  analyzed: AnalyzedText | undefined,
  after: string,
): Unit {
  if (analyzed === undefined) throw new Error(`the SQL of ${text.origin.object} came back without an answer`);
  const findings = [
    ...analyzed.hits.map((hit) => ruleFinding(hit, text.origin)),
    ...analyzed.opaque.map(({ line, reason }) => textFinding(opaqueFindings.dynamic, reason, at(text.origin, line))),
    ...analyzed.errors.map(({ line, message }) =>
      textFinding(opaqueFindings.unreadable, message, at(text.origin, line)),
    ),
  ];
  const { canonical, settings } = analyzed;
  const { tool, subcommand, options } = step;
  const how = { tool, subcommand, options, stopsOnError: text.stopsOnError };
  return {
    digest: sqlDigest({ ...how, canonical, settings, after, target: location, namespace }),
    kind: "sql",
    phase: phaseOf(findings.map((finding) => finding.phase)),
    origin: text.origin,
    target: targetOf(location),
    covers: `${counted(analyzed.statements.length, "statement")} of ${text.origin.object} ${text.origin.key}`.trimEnd(),
    changesSchema: analyzed.changesSchema,
    findings,
  };
}

/** Everything a step does besides readable SQL is one unit: it is approved as the command it is. */
function stepUnit({ step, location }: ParsedStep, namespace: string): readonly Unit[] {
  const command = step.argv.join(" ");
  const findings = [
    ...step.commands.map((hit) => stepFinding(commandFindings[hit.rule], hit.subject, command, hit.origin)),
    ...step.opaque.map((opaque) => opaqueFinding(opaque, step.subcommand ?? step.tool ?? step.container)),
  ];
  if (findings.length === 0) return [];
  const { image, environment: env, mounts, tool, subcommand } = step;
  const argv = step.command.map(displayWord);
  return [
    {
      digest: opaqueDigest({ image, argv, env, mounts, tool, subcommand, target: location, namespace }),
      kind: "opaque",
      phase: phaseOf(findings.map((finding) => finding.phase)),
      origin: step.origin,
      target: targetOf(location),
      covers: `${step.init ? "initContainer" : "container"} ${step.container}: ${command} (image ${image})`,
      changesSchema: false,
      findings,
    },
  ];
}

function ruleFinding(hit: RuleHit, origin: Origin): Finding {
  const { rule, hazard, phase, subject, display, why, instead } = hit;
  return { rule, hazard, phase, subject, statement: display, origin: at(origin, hit.line), why, instead };
}

function textFinding(kind: StepFinding, reason: string, origin: Origin): Finding {
  return stepFinding(kind, reason, reason, origin);
}

function opaqueFinding(opaque: Opaque, subject: string): Finding {
  return stepFinding(opaqueFindings[opaque.kind], subject, opaque.reason, opaque.origin);
}

function stepFinding(kind: StepFinding, subject: string, statement: string, origin: Origin): Finding {
  const { id: rule, hazard, phase, why, instead } = kind;
  return { rule, hazard, phase, subject, statement, origin, why, instead };
}

function at(origin: Origin, line: number): Origin {
  return { ...origin, line };
}

/** A text that only adds is `expand`; one removal makes it `contract`, because that is what cannot be taken back. */
function phaseOf(phases: readonly Phase[]): Phase {
  if (phases.includes("contract")) return "contract";
  return phases.includes("migrate") ? "migrate" : "expand";
}

function targetOf(location: Location): Target | null {
  return location.kind === "cluster" ? location.target : null;
}
