import { counted } from "../model/counted.ts";
import type { Decision, Finding, MissingEvidence, Unit } from "../model/decision.ts";
import type { AdmissionResponse, ObjectRef } from "../model/kubernetes.ts";
import { cut, harmless, oneLine, safeLine } from "../safe-text.ts";

/** Step 10: the decision as an admission response. A denial is 403: 409 and 422 would make Flux delete the object (facts: flux.md section 3). */
export function answer(uid: string, decision: Decision): AdmissionResponse {
  const allowed = decision.decision !== "deny";
  const warnings = decision.decision === "warn" ? warningsOf(decision) : [];
  return {
    uid,
    allowed,
    ...(allowed ? {} : { status: { code: 403, reason: "MigrationDenied", message: describe(decision) } as const }),
    ...(warnings.length > 0 ? { warnings } : {}),
    auditAnnotations: auditAnnotations(decision),
  };
}

/** A request that contradicts itself is refused wherever it came from: it is no honest API server's. */
export function refuse(uid: string, reason: string): AdmissionResponse {
  const message = safeLine(`denied [MG-UNREADABLE]: the admission request cannot be read: ${reason}`);
  return { uid, allowed: false, status: { code: 403, reason: "MigrationDenied", message } };
}

/** The audit log keeps every one of them for every request. */
const shownDigests = 8;

function auditAnnotations({ decision, code, units, policy, reason }: Decision): Readonly<Record<string, string>> {
  const digests = [...new Set(units.filter((unit) => unit.findings.length > 0).map((unit) => unit.digest))];
  const more = digests.length - shownDigests;
  return {
    decision,
    code,
    ...(reason === "" ? {} : { reason: safeLine(reason) }),
    ...(policy === "" ? {} : { policy }),
    ...(digests.length === 0 ? {} : { digests: digests.slice(0, shownDigests).join(",") }),
    ...(more > 0 ? { "more-digests": String(more) } : {}),
  };
}

/** The whole text a person reads; "" for an allowed request without a word. Same decision, same text. */
export function describe(decision: Decision): string {
  if (decision.decision === "allow") return "";
  if (decision.decision === "warn") return warningsOf(decision).join("\n");
  const findings = findingsInTheWay(decision);
  const lines = [...findingLines(findings), ...missingLines(decision), ...insteadLines(findings, decision.units)];
  return harmless([headline(decision), ...lines].map(oneLine).join("\n"));
}

/** Findings whose evidence is all there are settled: they would only hide what is not. */
function findingsInTheWay({ priced, blocking, units }: Decision): readonly Finding[] {
  const digests = new Set(blocking.flatMap((evidence) => evidence.digests));
  const concerned = new Set(units.filter(({ digest }) => digests.has(digest)).flatMap(({ findings }) => findings));
  return priced.filter((finding) => concerned.has(finding));
}

/** First line: it stands alone in chat and in `flux get`. */
function headline(decision: Decision): string {
  return `denied [${decision.code}]: ${headlines[decision.code]?.(decision) ?? mayNotRun(decision)}`;
}

const headlines: Partial<Record<Decision["code"], (decision: Decision) => string>> = {
  "MG-UNAVAILABLE": ({ object }) => `${objectName(object)} was not judged, so it may not pass`,
  "MG-RUNNING": ({ object }) => `${objectName(object)} may not be deleted while its SQL may be running`,
  "MG-NO-POLICY": ({ object }) => `no single policy says what ${objectName(object)} needs`,
  "MG-UNKNOWN-TARGET": ({ object }) => `${objectName(object)} may not run: which database it reaches is unknown`,
  "MG-RERUN": ({ object }) => `${objectName(object)} may not run: it would run again at every sync`,
  "MG-UNREADABLE": (decision) =>
    `SQL of ${objectName(decision.object)} cannot be read, so it may not run on ${where(decision)}`,
};

function mayNotRun(decision: Decision): string {
  const digests = new Set(decision.blocking.flatMap(({ digests }) => digests));
  const units = decision.units.filter((unit) => digests.has(unit.digest));
  if (units.some((unit) => unit.kind === "change")) {
    const { target, object } = decision;
    return `${counted(units.length, "change")} may not be made to ${target === null ? objectName(object) : where(decision)} yet`;
  }
  const steps = units.filter((unit) => unit.kind === "opaque").length;
  const statements = units
    .filter((unit) => unit.kind === "sql")
    .reduce((sum, unit) => sum + statementCount(unit.findings), 0);
  const parts = [
    statements > 0 ? [counted(statements, "statement")] : [],
    steps > 0 ? [counted(steps, "step")] : [],
  ].flat();
  const what = parts.length > 0 ? parts.join(" and ") : objectName(decision.object);
  return `${what} may not run on ${where(decision)} yet`;
}

/** Two findings on one statement are one statement. */
function statementCount(findings: readonly Finding[]): number {
  return Math.max(
    1,
    new Set(findings.map(({ origin, statement }) => `${origin.key}:${origin.line} ${statement}`)).size,
  );
}

function where({ target }: Decision): string {
  return target === null ? "its database" : `Cluster ${target.namespace}/${target.cluster}`;
}

const shownFindings = 5;
/** What the SQL analysis keeps to; an opaque step's command may be a whole script. */
const statementLength = 200;

function findingLines(findings: readonly Finding[]): readonly string[] {
  const shown = findings.slice(0, shownFindings);
  const width = Math.max(0, ...shown.map(({ rule }) => rule.length));
  const more = findings.length - shown.length;
  return [
    ...shown.flatMap((finding) => [
      `  ${finding.rule.padEnd(width)}  ${cut(finding.statement, statementLength)}   ${place(finding)}`,
      `    ${finding.why}`,
    ]),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function place({ origin }: Finding): string {
  const line = origin.line > 0 ? `:${origin.line}` : "";
  return origin.key === "" ? `${origin.object}${line}` : `${origin.object} ${origin.key}${line}`;
}

const evidenceWords: Readonly<Record<string, { readonly lead: string; readonly remedy: string }>> = {
  approval: { lead: "missing approval", remedy: "Approve:" },
  "recovery-point": { lead: "missing recovery point", remedy: "Take one:" },
  "rollback-window": { lead: "missing rollback window", remedy: "Annotate:" },
  "rollback-owner": { lead: "missing rollback owner", remedy: "Annotate:" },
  target: { lead: "unknown target", remedy: "Annotate:" },
  policy: { lead: "no policy", remedy: "Do:" },
  rerun: { lead: "runs again", remedy: "Do:" },
  running: { lead: "still running", remedy: "Do:" },
  gate: { lead: "not judged", remedy: "Do:" },
};

function leadOf(evidence: string): string {
  return evidenceWords[evidence]?.lead ?? `missing ${evidence}`;
}

/** Writing the target down changes the digest: until then nobody is sent to approve one that is void the next minute, or to back up who knows what. */
function missingLines({ blocking, units }: Decision): readonly string[] {
  const isUnknown = blocking.some(({ evidence }) => evidence === "target");
  const passing = new Set(isUnknown ? units.filter((unit) => unit.target === null).map(({ digest }) => digest) : []);
  const isInVain = ({ evidence, digests }: MissingEvidence) =>
    needsTarget.has(evidence) && digests.length > 0 && digests.every((digest) => passing.has(digest));
  const lines = blocking.filter((evidence) => !isInVain(evidence)).map((evidence) => `  ${describeMissing(evidence)}`);
  return [...new Set(lines)];
}

const needsTarget: ReadonlySet<string> = new Set(["approval", "recovery-point"]);

/** One piece of missing evidence in one line: what, why, and the next command. */
export function describeMissing({ evidence, reason, remedy }: MissingEvidence): string {
  return safeLine(`${leadOf(evidence)}: ${reason}. ${evidenceWords[evidence]?.remedy ?? "Do:"}  ${remedy}`);
}

function insteadLines(findings: readonly Finding[], units: readonly Unit[]): readonly string[] {
  const byRule = new Map(findings.slice(0, shownFindings).map((finding) => [finding.rule, finding]));
  const changes = new Set(units.filter(({ kind }) => kind === "change").flatMap(({ findings }) => findings));
  return [...byRule.values()].map((finding) => {
    const page = changes.has(finding) ? "changes" : "rules";
    return `  instead: ${finding.instead}   (docs/${page}.md#${finding.rule})`;
  });
}

const warningLength = 120;

/** Warnings are cut by clients at 256 characters; kubectl shows each on a line of its own. */
function warningsOf(decision: Decision): readonly string[] {
  const findings = decision.findings.map(({ rule, subject, why }) => `${rule} ${subject}: ${why}`);
  const missing = decision.missing.map(({ evidence, reason }) => `${leadOf(evidence)}: ${reason}`);
  const audited = decision.reason === "" || decision.decision === "allow" ? [] : [decision.reason];
  const lines = [...audited, ...missing, ...findings, ...decision.notes];
  const more = lines.length > 10 ? [`and ${lines.length - 10} more`] : [];
  return [...lines.slice(0, 10), ...more].map((line) => cut(safeLine(`[${decision.code}] ${line}`), warningLength));
}

const namedOtherwise: ReadonlyMap<string, string> = new Map([
  ["PodExecOptions", "exec in Pod"],
  ["PodAttachOptions", "attach to Pod"],
]);

function objectName({ kind: written, namespace, name }: ObjectRef): string {
  const kind = namedOtherwise.get(written) ?? written;
  return namespace === "" || kind === "Namespace" ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
