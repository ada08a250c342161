import type { Connection, LocateFacts, Unknown, Word } from "../model/run.ts";
import { knownText, reasonOf, unknownsOf } from "../model/word.ts";
import { type Candidate, named } from "./candidate.ts";
import { bareHost, isAddress, isHostName, isInsidePod, serviceOf, serviceVariable } from "./host-name.ts";
import { clustersOfHost, clustersOfVariable } from "./hosts.ts";
import { clustersOfSecret } from "./secrets.ts";

/** A host that is not known. Credentials of one Cluster settle it, unless something says that the host is another's. */
export interface UnknownHost {
  readonly reason: string;
  readonly secretsMaySettle: boolean;
}

/** All that a connection says about where it goes. */
export interface Leads {
  /** Clusters that the hosts lead to */
  readonly hosts: readonly Candidate[];
  /** Clusters whose Secrets are read */
  readonly secrets: readonly Candidate[];
  /** known hosts that lead to no Cluster */
  readonly external: readonly string[];
  readonly unknown: readonly UnknownHost[];
}

const nothing: Leads = { hosts: [], secrets: [], external: [], unknown: [] };

/** Follows every host and Secret of a connection, as seen from a Pod of this namespace. */
export function leadsOf(connection: Connection, namespace: string, facts: LocateFacts): Leads {
  const hosts = connection.hosts.flatMap((host) => leadsOfHost(host, namespace, facts));
  return {
    hosts: hosts.flatMap((lead) => lead.hosts),
    secrets: connection.secrets.flatMap((secret) => clustersOfSecret(secret, namespace, facts)),
    external: [...new Set(hosts.flatMap((lead) => lead.external))],
    unknown: hosts.flatMap((lead) => lead.unknown),
  };
}

function leadsOfHost(host: Word, namespace: string, facts: LocateFacts): readonly Leads[] {
  const text = knownText(host);
  if (text !== null)
    return text
      .split(",")
      .filter((written) => written.trim() !== "")
      .map((written) => leadsOfName(written, namespace, facts));
  const [only] = unknownsOf(host);
  const candidates = host.length === 1 && only !== undefined ? leadsOfUnknown(only, namespace, facts) : [];
  if (candidates.length > 0) return [{ ...nothing, hosts: candidates }];
  const secretsMaySettle = unknownsOf(host).every(({ secret }) => secret === undefined);
  return [unknownHost(`the host is unknown: ${reasonOf(host)}`, secretsMaySettle)];
}

function unknownHost(reason: string, secretsMaySettle: boolean): Leads {
  return { ...nothing, unknown: [{ reason, secretsMaySettle }] };
}

/** A host that is a key of a Cluster's own Secret is that Cluster's; a Service's variable is that Service. */
function leadsOfUnknown(unknown: Unknown, namespace: string, facts: LocateFacts): readonly Candidate[] {
  if (unknown.secret !== undefined) return clustersOfSecret(unknown.secret.name, namespace, facts);
  return clustersOfVariable(serviceVariable(unknown.unknown), namespace, facts);
}

function leadsOfName(written: string, namespace: string, facts: LocateFacts): Leads {
  const variable = serviceVariable(written);
  const host = bareHost(written);
  const hosts =
    variable === "" ? clustersOfHost(host, namespace, facts) : clustersOfVariable(variable, namespace, facts);
  if (hosts.length > 0) return { ...nothing, hosts };
  if (variable !== "") return unknownHost(`no Service has the variable ${variable}_SERVICE_HOST`, false);
  if (isInsidePod(host)) return unknownHost("the host is a server or proxy inside the Pod", true);
  const reason = whyNoCluster(host, namespace, facts);
  return reason === "" ? { ...nothing, external: [host] } : unknownHost(reason, false);
}

/** Why a known host that leads to no Cluster is still not known to lead elsewhere, "" if it is. */
function whyNoCluster(host: string, namespace: string, facts: LocateFacts): string {
  if (isAddress(host)) return `host ${host} is an address that no Cluster and no Service has`;
  if (!isHostName(host)) return "the host is not a host name";
  const service = serviceOf(host, namespace, facts.clusterDomain);
  if (service === null) return "";
  const pooler = named(facts.poolers, service.namespace, service.name);
  if (pooler !== undefined) return `host ${host} is a Pooler of a Cluster that does not exist`;
  const cluster = /^(.+)-(rw|ro|r)$/.exec(service.name)?.[1];
  if (cluster === undefined) return "";
  return `host ${host} is named like a Service of Cluster ${service.namespace}/${cluster}, which does not exist`;
}
