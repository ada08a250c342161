import { configMapReader } from "../facts/config-maps.ts";
import { withoutInjected } from "../facts/owners.ts";
import { readTrust } from "../facts/scope.ts";
import type { RunQuestion } from "../model/judge.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import type { LocatedStep, LocateFacts, Location, Run, Step } from "../model/run.ts";
import type { World } from "../ports.ts";
import { extract, extractExec } from "./extract.ts";
import { locate } from "./locate.ts";

/** A run with the place each of its steps reaches. */
export interface LocatedRun {
  readonly run: Run;
  readonly steps: readonly LocatedStep[];
}

/**
 * Steps 3 and 4. `owners`: the carrier and those it belongs to. Which images may be trusted is said by the policy that prices the run, that of its target: a run that
 * turns out to reach another namespace is read again as that namespace's policy sees it.
 */
export async function readRun(
  question: RunQuestion,
  owners: readonly KubernetesObject[],
  facts: LocateFacts,
  world: World,
  signal: AbortSignal,
): Promise<LocatedRun> {
  const own = question.request.namespace;
  const first = await readTrusting([own], question, owners, facts, world, signal);
  const namespaces = new Set(
    first.steps.map(({ location }) => (location.kind === "cluster" ? location.target.namespace : own)),
  );
  const isOwn = [...namespaces].every((namespace) => namespace === own);
  return isOwn ? first : await readTrusting([...namespaces], question, owners, facts, world, signal);
}

async function readTrusting(
  namespaces: readonly string[],
  question: RunQuestion,
  owners: readonly KubernetesObject[],
  facts: LocateFacts,
  world: World,
  signal: AbortSignal,
): Promise<LocatedRun> {
  const { request, source, exec, incoming } = question;
  const trust = await readTrust(namespaces, world, signal);
  const carrier = withoutInjected(request.userInfo.username, owners, trust.injectedSidecars) ?? question.carrier;
  const readConfigMap = configMapReader(request, incoming, world, signal);
  const context = { ...trust, clusters: facts.clusters, readConfigMap };
  const run = await (exec === null
    ? extract(carrier, source, context)
    : extractExec(carrier, exec.container, exec.command, context));
  return { run, steps: run.steps.map((step) => ({ step, location: located(step, run, request.namespace, facts) })) };
}

/** A step belongs to one run in one namespace: while the facts are the same, so is the place it reaches. */
function located(step: Step, run: Run, namespace: string, facts: LocateFacts): Location {
  const known = locations.get(facts) ?? new WeakMap<Step, Location>();
  locations.set(facts, known);
  const location = known.get(step) ?? locate(step, run.claimedTarget, namespace, facts);
  known.set(step, location);
  return location;
}

const locations = new WeakMap<LocateFacts, WeakMap<Step, Location>>();
