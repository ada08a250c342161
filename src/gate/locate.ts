import type { LocateFacts, Location, Step } from "../model/run.ts";
import { type Candidate, clusterName, clusterNames } from "../targets/candidate.ts";
import { type ClaimedTarget, readClaim, targetAnnotation } from "../targets/claim.ts";
import { databaseOf } from "../targets/database.ts";
import { type Leads, leadsOf, type UnknownHost } from "../targets/leads.ts";

type ClusterClaim = Extract<ClaimedTarget, { kind: "cluster" }>;

/**
 * Where a step connects to: exactly one Cluster that hosts and Secrets agree on, or a known server that is none, or why it
 * cannot be known. A claim decides only where they leave it open, and never against them. No Secret is read.
 */
export function locate(step: Step, claimedTarget: string, namespace: string, facts: LocateFacts): Location {
  const leads = leadsOf(step.connection, namespace, facts);
  const claim = readClaim(claimedTarget, facts);
  switch (claim.kind) {
    case "bad":
      return unknown(claim.reason, namespace, facts, leads);
    case "cluster":
      return locateClaimed(step, claim, namespace, facts, leads);
    case "absent":
      return locateUnclaimed(step, namespace, facts, leads);
  }
}

function locateClaimed(step: Step, claim: ClusterClaim, namespace: string, facts: LocateFacts, leads: Leads): Location {
  const claimed = clusterName(claim.cluster);
  // hosts say where the connection goes; Secrets only say whose credentials are at hand
  const decisive = leads.hosts.length > 0 ? leads.hosts : leads.secrets;
  const names = clusterNames(decisive);
  const contradicts =
    leads.hosts.length > 0 ? names.length !== 1 || names[0] !== claimed : names.length > 0 && !names.includes(claimed);
  if (contradicts)
    return unknown(`${targetAnnotation} names Cluster ${claimed}, but ${leadTexts(decisive)}`, namespace, facts, leads);
  const supporting = all(leads).filter(({ cluster }) => clusterName(cluster) === claimed);
  const database = databaseOf(step.connection.database, supporting, namespace);
  if (database.name !== "" && claim.database !== "" && database.name !== claim.database)
    return unknown(
      `${targetAnnotation} names database ${claim.database}, but the step connects to ${database.name}`,
      namespace,
      facts,
      leads,
    );
  const name = claim.database === "" ? database : { name: claim.database, reason: "" };
  const isProven = leads.hosts.length > 0 && leads.unknown.length + leads.external.length === 0;
  return {
    ...inCluster(claim.cluster, name, [`claimed by ${targetAnnotation}`, ...leadsAway(leads)], supporting),
    claimed: !isProven,
  };
}

function locateUnclaimed(step: Step, namespace: string, facts: LocateFacts, leads: Leads): Location {
  const candidates = all(leads);
  const [first] = candidates;
  const reason = whyOpen(step, leads, candidates);
  if (reason !== "") return unknown(reason, namespace, facts, leads);
  if (first !== undefined)
    return inCluster(
      first.cluster,
      databaseOf(step.connection.database, candidates, namespace),
      [...new Set(candidates.map(({ by }) => by)), reasons(leads.unknown)],
      candidates,
    );
  const host = leads.external.join(",");
  const database = databaseOf(step.connection.database, [], namespace);
  return { kind: "external", host, database: database.name, reason: `host ${host} belongs to no Cluster` };
}

/** Why hosts and Secrets do not settle it, "" if they do. */
function whyOpen(step: Step, leads: Leads, candidates: readonly Candidate[]): string {
  if (clusterNames(candidates).length > 1) return `more than one Cluster is possible: ${leadTexts(candidates)}`;
  if (leads.external.length > 0 && candidates.length > 0)
    return `host ${leads.external.join(",")} belongs to no Cluster, but ${leadTexts(candidates)}`;
  const settled = leads.hosts.length === 0 && candidates.length > 0;
  const open = leads.unknown.filter(({ secretsMaySettle }) => !(settled && secretsMaySettle));
  if (open.length > 0) return reasons(open);
  if (candidates.length > 0 || leads.external.length > 0) return "";
  return step.connection.secrets.length === 0
    ? "neither a host nor a database Secret is in sight"
    : `no host is in sight, and no Cluster of the namespace uses Secret ${[...step.connection.secrets].sort().join(", ")}`;
}

function all(leads: Leads): readonly Candidate[] {
  return [...leads.hosts, ...leads.secrets];
}

function leadTexts(candidates: readonly Candidate[]): string {
  return [...new Set(candidates.map(({ by, cluster }) => `${by} leads to Cluster ${clusterName(cluster)}`))].join(", ");
}

function reasons(hosts: readonly UnknownHost[]): string {
  return [...new Set(hosts.map(({ reason }) => reason))].join("; ");
}

function leadsAway({ external, unknown: hosts }: Leads): readonly string[] {
  return [reasons(hosts), ...(external.length > 0 ? [`host ${external.join(",")} could not be traced to it`] : [])];
}

function inCluster(
  cluster: Candidate["cluster"],
  database: { readonly name: string; readonly reason: string },
  why: readonly string[],
  candidates: readonly Candidate[],
): Extract<Location, { kind: "cluster" }> {
  const reading = candidates.some(({ readOnly }) => readOnly)
    ? ["it is a read-only way in: writing may fail there"]
    : [];
  return {
    kind: "cluster",
    target: { namespace: cluster.metadata.namespace ?? "", cluster: cluster.metadata.name, database: database.name },
    reason: [...why, ...reading, database.reason].filter((text) => text !== "").join("; "),
    claimed: false,
  };
}

function unknown(reason: string, namespace: string, facts: LocateFacts, leads: Leads): Location {
  const possible = clusterNames(all(leads));
  const here = facts.clusters.filter((cluster) => cluster.metadata.namespace === namespace).map(clusterName);
  const choices = possible.length > 0 ? possible : here;
  const value = choices.length === 1 ? `${choices[0]}` : "<namespace>/<cluster>";
  return {
    kind: "unknown",
    reason,
    remedy: `${targetAnnotation}: ${value}`,
  };
}
