import { changes } from "../changes/index.ts";
import { readChangeFacts } from "../facts/changes.ts";
import { modeOfAll, type Scope, scopesOfRequest } from "../facts/scope.ts";
import type { Decision } from "../model/decision.ts";
import type { Asked, Subject } from "../model/gate.ts";
import type { JudgeRun } from "../model/judge.ts";
import type { AdmissionRequest, Mode } from "../model/kubernetes.ts";
import { resourceOf } from "../model/resource.ts";
import { selectPolicy } from "../policy.ts";
import type { World } from "../ports.ts";
import { sources } from "../sources/index.ts";
import { classifyChange } from "./classify.ts";
import { identify } from "./identify.ts";
import { judgeConfigMap } from "./judge-config-map.ts";
import { judgeExec } from "./judge-exec.ts";
import { judgeRunDeletion } from "./judge-run-deletion.ts";
import { objectOf, stopped, strongest, untouched } from "./passed.ts";
import { weigh } from "./weigh.ts";

const changeResources = new Set(changes.flatMap(({ resources }) => resources));

/**
 * Judges a request by what it is. Whatever fails on the way (a silent API server, a dead worker, time) becomes a denial
 * with the reason, unless the namespace is only audited or the registration itself fails open.
 */
export async function judgeSubject(
  asked: Asked,
  world: World,
  judgeRun: JudgeRun,
  signal: AbortSignal,
): Promise<Decision> {
  const { request } = asked;
  const subject = identify(request, world.settings, changeResources);
  if (subject.kind === "untouched") return untouched(objectOf(request), subject.reason);
  let mode: Mode = "enforce";
  try {
    const scopes = await scopesOfRequest(request, world, signal);
    mode = modeOfAll(scopes);
    return await judgeIn(subject, request, scopes, world, judgeRun, signal);
  } catch (error) {
    return notJudged(request, error, asked.failOpen ? "audit" : mode);
  }
}

async function judgeIn(
  subject: Exclude<Subject, { kind: "untouched" }>,
  request: AdmissionRequest,
  scopes: readonly Scope[],
  world: World,
  judgeRun: JudgeRun,
  signal: AbortSignal,
): Promise<Decision> {
  const object = objectOf(request);
  const mode = modeOfAll(scopes);
  switch (subject.kind) {
    case "preview":
      world.previews.remember(request.userInfo.username, subject.configMap);
      return untouched(object, "remembered for the dry-run of the Job that reads it");
    case "run":
      return await judgeTemplate(subject, request, scopes, world, judgeRun, signal);
    case "exec":
      return await judgeExec(subject, request, scopes, world, judgeRun, signal);
    case "config-map":
      return await judgeConfigMap(subject, request, world, judgeRun, signal);
    case "run-deletion":
      return mode === "off" ? unlabelled(request) : await judgeRunDeletion(subject.job, request, mode, world, signal);
    case "change":
      return mode === "off" ? unlabelled(request) : await judgeChange(request, scopes, world, signal);
    case "unidentified":
      return mode === "off" ? unlabelled(request) : notRead(request, subject.reason, mode);
  }
}

function unlabelled(request: AdmissionRequest): Decision {
  return untouched(objectOf(request), "the namespace is not labelled");
}

/** Deployments and the like: by policy ignored, audited (default) or enforced as Jobs are. */
async function judgeTemplate(
  subject: Extract<Subject, { kind: "run" }>,
  request: AdmissionRequest,
  scopes: readonly Scope[],
  world: World,
  judgeRun: JudgeRun,
  signal: AbortSignal,
): Promise<Decision> {
  const object = objectOf(request);
  const { source, carrier, moment } = subject;
  const serves = sources.some(({ id, serves: isServing }) => id === source && isServing);
  const care = serves ? careOfTemplates(scopes, world) : "enforce";
  if (care === "ignore") return untouched(object, "the policy leaves workload templates alone");
  const decision = await judgeRun({ request, object, source, carrier, moment, incoming: null, exec: null }, signal);
  const reason = "only audited: the policy says workloadTemplates: audit";
  return care === "audit" && decision.decision === "deny" ? { ...decision, decision: "warn", reason } : decision;
}

function careOfTemplates(scopes: readonly Scope[], world: World): "ignore" | "audit" | "enforce" {
  const [own] = scopes;
  const selected = own === undefined ? null : selectPolicy(world.policies(), own.namespace, own.labels);
  return selected !== null && "policy" in selected ? selected.policy.workloadTemplates : "audit";
}

/** A cluster change, judged by every scope it falls under; the strictest decision holds. */
async function judgeChange(
  request: AdmissionRequest,
  scopes: readonly Scope[],
  world: World,
  signal: AbortSignal,
): Promise<Decision> {
  const object = objectOf(request);
  const concerned = changes.filter(
    ({ resources, operations }) =>
      resources.includes(resourceOf(request)) && operations.some((operation) => operation === request.operation),
  );
  if (concerned.length === 0) return untouched(object, "nothing dangerous can be changed this way");
  const facts = await readChangeFacts(request, world, signal);
  const units = classifyChange(request, concerned, facts);
  if (units.length === 0) return untouched(object, "no dangerous change");
  const live = facts.clusters.find(({ metadata }) => metadata.name === request.name);
  const holder = request.subResource === "scale" ? live : (request.object ?? request.oldObject);
  const question = {
    object,
    run: null,
    units,
    moment: "admission",
    annotations: holder?.metadata.annotations ?? {},
  } as const;
  const none: ReadonlySet<string> = new Set();
  const rest = { scopes: new Map(), obstacles: [], claimed: none, provisional: none, repeats: "" } as const;
  const decisions = await Promise.all(scopes.map((own) => weigh({ ...question, ...rest, own }, world, signal)));
  return strongest(decisions, unlabelled(request));
}

const ownErrors = new Set(["ReadError", "AnalysisError", "FilesError"]);
const timeErrors = new Set(["AbortError", "TimeoutError"]);

function notJudged(request: AdmissionRequest, error: unknown, mode: Mode): Decision {
  return notRead(request, reasonOf(error), mode);
}

/** The texts of the gate's own errors are written to be shown; anything else may quote what it choked on. */
function reasonOf(error: unknown): string {
  const name = error instanceof Error ? error.name : "unknown failure";
  if (error instanceof Error && ownErrors.has(name)) return error.message;
  return timeErrors.has(name) ? "there was no time left to judge it" : `an internal failure (${name})`;
}

function notRead(request: AdmissionRequest, reason: string, mode: Mode): Decision {
  const remedy = "try again; if it stays, look at the gate's log and its /readyz";
  const obstacle = { evidence: "gate", reason, remedy, atSync: false, digests: [] } as const;
  return stopped(objectOf(request), "MG-UNAVAILABLE", obstacle, mode);
}
