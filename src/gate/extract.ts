import { stringsOf } from "../model/fields.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import { writtenName } from "../model/resource.ts";
import type { ConfigMapReference, Run, Word } from "../model/run.ts";
import type { PodTemplate, Source } from "../model/source.ts";
import { configMapReferences } from "../pods/config-maps.ts";
import { containersOf, type FetchedConfigMap, type PodContext } from "../pods/containers.ts";
import { type RunRules, readContainer } from "../runs/container-run.ts";
import { createRunCache } from "../runs/run-cache.ts";
import { sources } from "../sources/index.ts";

/** What extracting may look at besides the object. */
export interface ExtractContext {
  /** image patterns of the namespace's policy: their clients read the SQL as written */
  readonly images: readonly string[];
  readonly unknownWorkloads: "ignore" | "deny";
  /** CNPG Clusters of the whole cluster: a host name may lead to another namespace */
  readonly clusters: readonly KubernetesObject[];
  /** of the carrier's namespace; throws ReadError when the cluster cannot be asked */
  readConfigMap(name: string): Promise<FetchedConfigMap>;
}

/**
 * Step 4: every SQL text and tool command of a carrier, in the order in which its containers start. `source` is an id of
 * the sources catalogue. What cannot be read is opaque with its place, never left out; only a carrier that nothing ties to
 * a database passes (`reaches: false`, no steps).
 */
export async function extract(carrier: KubernetesObject, source: string, context: ExtractContext): Promise<Run> {
  const found = sources.find(({ id }) => id === source);
  if (found === undefined) throw new TypeError(`no source is called ${source}`);
  const template = found.podSpec(carrier);
  if (template === null) return emptyRun(carrier);
  return readRun(carrier, template, context, [source], (pod) => {
    const rules = rulesOf(carrier, context, found);
    return containersOf(template.spec, template.path).map((container) => readContainer(container, pod, rules, null));
  });
}

/** A command that somebody runs in a Pod's container (pods/exec); "" is its first container, as kubectl has it. */
export async function extractExec(
  pod: KubernetesObject,
  container: string,
  command: readonly string[],
  context: ExtractContext,
): Promise<Run> {
  const source = sources.find(({ id }) => id === "pod");
  const template = source?.podSpec(pod) ?? null;
  if (source === undefined || template === null) return emptyRun(pod);
  const argv = command.map((word): Word => [word]);
  return readRun(pod, template, context, [container, ...command], (podContext) => {
    const rules = {
      ...rulesOf(pod, context, source),
      carrier: `exec in Pod ${pod.metadata.namespace ?? ""}/${pod.metadata.name}`,
    };
    const containers = containersOf(template.spec, template.path);
    const chosen = containers.find(({ name }) => name === container) ?? containers.find(({ init }) => !init);
    if (chosen === undefined) return [];
    return [readContainer(chosen, podContext, rules, { argv, key: "command", hook: "exec" })];
  });
}

type ContainerRuns = readonly ReturnType<typeof readContainer>[];

async function readRun(
  carrier: KubernetesObject,
  template: PodTemplate,
  context: ExtractContext,
  asked: readonly string[],
  read: (pod: PodContext) => ContainerRuns,
): Promise<Run> {
  const fetched = await fetchConfigMaps(template, context);
  const { images, unknownWorkloads, clusters } = context;
  const found = [...fetched.values()].map((configMap) => configMap.found);
  const configMaps = [...fetched.values()].map(({ object }) => object);
  const settings = { asked, images, unknownWorkloads, found };
  return runs.get({ carrier, configMaps, clusters, settings }, () => build(carrier, template, context, fetched, read));
}

/** Flux asks about the same Job at every sync, dry and real: what is the same is read once. */
const runs = createRunCache(32 * 1024 * 1024);

function build(
  carrier: KubernetesObject,
  template: PodTemplate,
  context: ExtractContext,
  fetched: ReadonlyMap<string, FetchedConfigMap>,
  read: (pod: PodContext) => ContainerRuns,
): Run {
  const namespace = carrier.metadata.namespace ?? "";
  const containers = read({
    namespace,
    podName: carrier.kind === "Pod" ? carrier.metadata.name : "",
    spec: template.spec,
    configMaps: fetched,
    clusters: context.clusters,
  });
  const reaches = containers.some((run) => run.reaches);
  return {
    ...emptyRun(carrier),
    steps: reaches ? containers.flatMap(({ steps }) => steps) : [],
    reaches,
    claimedTarget: claimOf(carrier, template),
    references: [...fetched].map(([name, { found }]): ConfigMapReference => ({ namespace, name, found })),
  };
}

async function fetchConfigMaps(
  template: PodTemplate,
  context: ExtractContext,
): Promise<ReadonlyMap<string, FetchedConfigMap>> {
  const names = configMapReferences(template.spec)
    .map(({ name }) => name)
    .filter((name) => name !== rootCertificates);
  return new Map(await Promise.all(names.map(async (name) => [name, await context.readConfigMap(name)] as const)));
}

/** In every Pod of every namespace, kept by Kubernetes itself: certificates, never SQL. */
const rootCertificates = "kube-root-ca.crt";

function rulesOf(carrier: KubernetesObject, context: ExtractContext, source: Source): RunRules {
  const { images, unknownWorkloads } = context;
  return { images, unknownWorkloads, serves: source.serves, carrier: nameOf(carrier) };
}

const targetAnnotation = "migration-gate.dev/target";

/** Two claims that differ make one that nothing answers to, so that it is refused by name. */
function claimOf(carrier: KubernetesObject, template: PodTemplate): string {
  const claims = [stringsOf(carrier.metadata.annotations), template.annotations]
    .map((annotations) => annotations[targetAnnotation] ?? "")
    .filter((claim) => claim !== "");
  return [...new Set(claims)].join(" and ");
}

function nameOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.namespace ?? ""}/${writtenName(metadata)}`;
}

function emptyRun(carrier: KubernetesObject): Run {
  const { apiVersion, kind, metadata } = carrier;
  return {
    object: { apiVersion, kind, namespace: metadata.namespace ?? "", name: writtenName(metadata) },
    carrier,
    steps: [],
    reaches: false,
    claimedTarget: "",
    references: [],
  };
}
