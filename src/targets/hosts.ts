import { fields, items, textAt, textOf, valueAt } from "../model/fields.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import type { LocateFacts } from "../model/run.ts";
import { type Candidate, named } from "./candidate.ts";
import { isAddress, type ServiceName, serviceOf, variablePrefix } from "./host-name.ts";

/** A chain of ExternalName Services ends somewhere, or is a loop. */
const longestChain = 5;

/** Clusters behind a host name or address, as seen from a Pod of this namespace. Rests on names that CloudNativePG gives and on Services. */
export function clustersOfHost(host: string, namespace: string, facts: LocateFacts): readonly Candidate[] {
  return follow(host, host, namespace, facts, longestChain);
}

/** Clusters behind the Service whose `<PREFIX>_SERVICE_HOST` variable this is: only Services of the Pod's own namespace have one. */
export function clustersOfVariable(prefix: string, namespace: string, facts: LocateFacts): readonly Candidate[] {
  const by = `variable ${prefix}_SERVICE_HOST`;
  const names = [...facts.clusters, ...facts.poolers, ...facts.services]
    .filter((object) => object.metadata.namespace === namespace)
    .flatMap((object) => [object.metadata.name, ...servicesOfCluster(object).map(([name]) => name)]);
  return [...new Set(names)]
    .filter((name) => variablePrefix(name) === prefix)
    .flatMap((name) => ofService(by, { namespace, name }, facts, longestChain));
}

function follow(by: string, host: string, namespace: string, facts: LocateFacts, left: number): readonly Candidate[] {
  if (left === 0) return [];
  const service = isAddress(host) ? null : serviceOf(host, namespace, facts.clusterDomain);
  const candidates = service === null ? [] : ofService(`host ${by}`, service, facts, left);
  const addressed = facts.services
    .filter((object) => addressesOf(object).includes(host))
    .flatMap((object) => ofObject(`host ${by}`, object, facts, left));
  return [...candidates, ...addressed, ...ofClusterAddress(`host ${by}`, host, facts)];
}

function ofService(by: string, service: ServiceName, facts: LocateFacts, left: number): readonly Candidate[] {
  const { namespace, name } = service;
  const direct = facts.clusters
    .filter((cluster) => cluster.metadata.namespace === namespace)
    .flatMap((cluster) =>
      servicesOfCluster(cluster)
        .filter(([own]) => own === name)
        .map(([, readOnly]) => ({ cluster, by, readOnly, database: "" })),
    );
  const object = named(facts.services, namespace, name);
  return [
    ...direct,
    ...ofPooler(by, service, facts),
    ...(object === undefined ? [] : ofObject(by, object, facts, left)),
  ];
}

/** Names of a Cluster's Services, each with whether it is for reading (selector types `rw`, `ro`, `r`). */
function servicesOfCluster(cluster: KubernetesObject): readonly (readonly [string, boolean])[] {
  if (cluster.kind !== "Cluster") return [];
  const { name } = cluster.metadata;
  const additional = items(valueAt(cluster, "spec", "managed", "services", "additional"))
    .map((entry) => [textAt(entry, "serviceTemplate", "metadata", "name"), isReading(textAt(entry, "selectorType"))])
    .filter((pair): pair is [string, boolean] => pair[0] !== "");
  return [[`${name}-rw`, false], [`${name}-ro`, true], [`${name}-r`, true], [`${name}-any`, true], ...additional];
}

function isReading(type: string): boolean {
  return type === "ro" || type === "r";
}

function ofPooler(by: string, { namespace, name }: ServiceName, facts: LocateFacts): readonly Candidate[] {
  const pooler = named(facts.poolers, namespace, name);
  const cluster = named(facts.clusters, namespace, textAt(pooler, "spec", "cluster", "name"));
  if (pooler === undefined || cluster === undefined) return [];
  return [
    {
      cluster,
      by: `${by}, Pooler ${namespace}/${name}`,
      readOnly: isReading(textAt(pooler, "spec", "type")),
      database: "",
    },
  ];
}

/** What a Service says of itself: another host's name, or the Pods of a Cluster or Pooler. */
function ofObject(by: string, service: KubernetesObject, facts: LocateFacts, left: number): readonly Candidate[] {
  const namespace = service.metadata.namespace ?? "";
  if (textAt(service, "spec", "type") === "ExternalName")
    return follow(
      by.replace(/^host /, ""),
      textAt(service, "spec", "externalName").replace(/\.$/, ""),
      namespace,
      facts,
      left - 1,
    );
  const marks = { ...service.metadata.labels, ...fields(valueAt(service, "spec", "selector")) };
  const pooler = textOf(marks["cnpg.io/poolerName"]);
  if (pooler !== "") return ofPooler(by, { namespace, name: pooler }, facts);
  const cluster = named(facts.clusters, namespace, textOf(marks["cnpg.io/cluster"]));
  const role = textOf(marks["cnpg.io/instanceRole"]) || textOf(marks["role"]);
  return cluster === undefined ? [] : [{ cluster, by, readOnly: role === "replica", database: "" }];
}

function addressesOf(service: KubernetesObject): readonly string[] {
  const ingress = items(valueAt(service, "status", "loadBalancer", "ingress"));
  return [
    textAt(service, "spec", "clusterIP"),
    ...items(valueAt(service, "spec", "clusterIPs")).map(textOf),
    ...items(valueAt(service, "spec", "externalIPs")).map(textOf),
    ...ingress.flatMap((entry) => [textAt(entry, "ip"), textAt(entry, "hostname")]),
  ];
}

/** Addresses of instances, and the outside names for which the Cluster's server certificate is made. */
function ofClusterAddress(by: string, host: string, facts: LocateFacts): readonly Candidate[] {
  return facts.clusters
    .filter((cluster) => {
      const instances = Object.values(fields(valueAt(cluster, "status", "instancesReportedState")));
      const outside = items(valueAt(cluster, "spec", "certificates", "serverAltDNSNames"));
      return outside.includes(host) || instances.some((instance) => textAt(instance, "ip") === host);
    })
    .map((cluster) => ({ cluster, by, readOnly: false, database: "" }));
}
