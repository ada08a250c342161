import type { Unit } from "../model/decision.ts";
import { fields } from "../model/fields.ts";
import type { Moment } from "../model/gate.ts";
import type { AdmissionRequest, KubernetesObject } from "../model/kubernetes.ts";
import type { Obstacle } from "../model/pricing.ts";
import type { Origin, ParsedStep, Run } from "../model/run.ts";

/** Steps that do something but whose target is unknown: each stands in the way until a person writes the target down. */
export function targetObstacles(steps: readonly ParsedStep[], units: readonly Unit[]): readonly Obstacle[] {
  const obstacles = new Map<string, Obstacle>();
  for (const { step, location } of steps) {
    const acts = step.sql.length + step.opaque.length + step.commands.length > 0;
    if (location.kind !== "unknown" || !acts) continue;
    const { reason, remedy } = location;
    const origins = new Set(originsOf({ step }));
    const own = units.filter(({ origin }) => origins.has(origin)).map(({ digest }) => digest);
    const digests = [...(obstacles.get(reason)?.digests ?? []), ...own];
    obstacles.set(reason, { evidence: "target", reason, remedy, atSync: false, digests });
  }
  return [...obstacles.values()];
}

/**
 * Units whose target only the author's annotation names. It may be a Secret's other name for the very database that the
 * request's own namespace protects, so that namespace's policy has a say too.
 */
export function claimedDigests(steps: readonly ParsedStep[], units: readonly Unit[]): ReadonlySet<string> {
  const claimed = steps.filter(({ location }) => location.kind === "cluster" && location.claimed);
  const origins = new Set(claimed.flatMap(originsOf));
  return new Set(units.filter(({ origin }) => origins.has(origin)).map(({ digest }) => digest));
}

/**
 * Units that rest on a ConfigMap which the real request may find changed (design section 4): at Flux's dry-run it is
 * missing or old, and a denial for its sake would keep the corrected one away for ever. They only warn then.
 */
export function provisionalDigests(
  request: AdmissionRequest,
  run: Run,
  steps: readonly ParsedStep[],
  units: readonly Unit[],
): ReadonlySet<string> {
  const soft = run.references.filter(({ found }) => found === "live" || found === "missing");
  if (!request.dryRun || soft.length === 0) return new Set();
  const objects = new Set(soft.map(({ namespace, name }) => `ConfigMap ${namespace}/${name}`));
  const origins = new Set(steps.filter((step) => restsOn(step, objects)).flatMap(originsOf));
  const isSoft = ({ kind, origin, findings }: Unit) =>
    objects.has(origin.object) ||
    origins.has(origin) ||
    (kind === "opaque" && findings.every(({ rule }) => rule === "unreadable"));
  return new Set(units.filter(isSoft).map(({ digest }) => digest));
}

/** An opaque step by what is mounted into it, any step by a host that stands in a ConfigMap not there yet. */
function restsOn({ step, location }: ParsedStep, objects: ReadonlySet<string>): boolean {
  const mounted = step.mounts.flatMap(({ configMaps }) => configMaps);
  const byMount =
    step.sql.length === 0 && [...objects].some((object) => mounted.some((name) => object.endsWith(`/${name}`)));
  return byMount || (location.kind === "unknown" && [...objects].some((object) => location.reason.includes(object)));
}

function originsOf({ step }: Pick<ParsedStep, "step">): readonly Origin[] {
  return [step.origin, ...step.sql.map(({ origin }) => origin)];
}

/** A Job that Flux applies and the TTL controller deletes is created anew at every sync (facts: flux.md section 2 e). */
export function repeatsOf(carrier: KubernetesObject, moment: Moment): string {
  const spec = fields(carrier["spec"]);
  const byFlux = carrier.metadata.labels?.["kustomize.toolkit.fluxcd.io/name"] !== undefined;
  const repeats = moment === "admission" && carrier.kind === "Job" && byFlux && "ttlSecondsAfterFinished" in spec;
  return repeats
    ? "ttlSecondsAfterFinished removes the finished Job, so Flux creates and runs it again at every sync"
    : "";
}
