import type { AdmissionRequest, Mode } from "../model/kubernetes.ts";
import { modeOf } from "../model/mode.ts";
import type { LocatedStep } from "../model/run.ts";
import { selectPolicy } from "../policy.ts";
import type { World } from "../ports.ts";

/** How a namespace is treated, and the labels its policy is chosen by. */
export interface Scope {
  readonly namespace: string;
  readonly mode: Mode;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Mode of a namespace by its label. One that is nowhere to be seen (manifests seldom hold their Namespace) counts as
 * enforced: a policy that names it decides, and without one that is said. Throws ReadError when the cluster cannot be asked.
 */
async function readScope(namespace: string, world: World, signal: AbortSignal): Promise<Scope> {
  const object = await world.reader.get("Namespace", "", namespace, signal);
  const labels = object?.metadata.labels ?? {};
  return { namespace, mode: object === null ? "enforce" : modeOf(labels), labels };
}

/** The scopes a run falls under: its own namespace's, and those of the Clusters it reaches. */
export interface RunScopes {
  readonly own: Scope;
  readonly scopes: ReadonlyMap<string, Scope>;
  /** the strictest of them */
  readonly mode: Mode;
}

/** A run in an unlabelled namespace that reaches a protected Cluster is judged by that Cluster's namespace. */
export async function readRunScopes(
  namespace: string,
  steps: readonly LocatedStep[],
  world: World,
  signal: AbortSignal,
): Promise<RunScopes> {
  const scopes = new Map<string, Scope>();
  for (const { location } of steps) {
    if (location.kind !== "cluster" || scopes.has(location.target.namespace)) continue;
    scopes.set(location.target.namespace, await readScope(location.target.namespace, world, signal));
  }
  const own = await readScope(namespace, world, signal);
  return { own, scopes, mode: strictest([own.mode, ...[...scopes.values()].map(({ mode }) => mode)]) };
}

/** How suspicious to be of images and of programs nobody knows. */
export interface Trust {
  readonly images: readonly string[];
  readonly unknownWorkloads: "ignore" | "deny";
  readonly injectedSidecars: readonly string[];
}

/** What the policies of all these namespaces allow to be trusted; without a policy only the usual clients are. */
export async function readTrust(namespaces: readonly string[], world: World, signal: AbortSignal): Promise<Trust> {
  const trusts = await Promise.all(namespaces.map((namespace) => readOneTrust(namespace, world, signal)));
  const inAll = (list: "images" | "injectedSidecars") =>
    (trusts[0]?.[list] ?? []).filter((name) => trusts.every((trust) => trust[list].includes(name)));
  return {
    images: inAll("images"),
    injectedSidecars: inAll("injectedSidecars"),
    unknownWorkloads: trusts.some(({ unknownWorkloads }) => unknownWorkloads === "deny") ? "deny" : "ignore",
  };
}

async function readOneTrust(namespace: string, world: World, signal: AbortSignal): Promise<Trust> {
  const scope = await readScope(namespace, world, signal);
  const selected = selectPolicy(world.policies(), namespace, scope.labels);
  return "policy" in selected ? selected.policy : { images: [], unknownWorkloads: "ignore", injectedSidecars: [] };
}

/**
 * Scopes a request falls under. A Namespace is judged by the labels it had before: a selector does not see a dropped
 * label (facts: reviews recorded). What belongs to no namespace (CRDs) is judged by every protected one.
 */
export async function scopesOfRequest(
  request: AdmissionRequest,
  world: World,
  signal: AbortSignal,
): Promise<readonly Scope[]> {
  if (request.kind.kind === "Namespace") {
    const labels = (request.oldObject ?? request.object)?.metadata.labels ?? {};
    return [{ namespace: request.name, mode: modeOf(labels), labels }];
  }
  if (request.namespace !== "") return [await readScope(request.namespace, world, signal)];
  const namespaces = await world.reader.list("Namespace", "", signal);
  return namespaces
    .map(({ metadata: { name, labels = {} } }) => ({ namespace: name, mode: modeOf(labels), labels }))
    .filter(({ mode }) => mode !== "off");
}

/** The strictest mode of several scopes. */
export function modeOfAll(scopes: readonly Scope[]): Mode {
  return strictest(scopes.map(({ mode }) => mode));
}

/** The stricter of several modes holds (design section 3). */
export function strictest(modes: readonly Mode[]): Mode {
  if (modes.includes("enforce")) return "enforce";
  return modes.includes("audit") ? "audit" : "off";
}
