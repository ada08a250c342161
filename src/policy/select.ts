import type { Policy } from "../model/policy.ts";

/**
 * The policy of a namespace, by its name and labels alone: who may label Clusters must not choose their policy. A policy
 * that names the namespace goes before those that match its labels. None, or two that match alike, is a problem in words.
 */
export function selectPolicy(
  policies: readonly Policy[],
  namespaceName: string,
  namespaceLabels: Readonly<Record<string, string>>,
): { readonly policy: Policy } | { readonly problem: string } {
  const byName = policies.filter(({ namespaces }) => namespaces.names.includes(namespaceName));
  const byLabels = policies.filter(({ namespaces }) => hasLabels(namespaceLabels, namespaces.labels));
  const matching = byName.length > 0 ? byName : byLabels;
  const [policy, second] = matching;
  if (policy === undefined) {
    return {
      problem: `no policy selects namespace ${namespaceName}: add its name or one of its labels to a policy file`,
    };
  }
  if (second !== undefined)
    return { problem: `${list(matching)} select namespace ${namespaceName} alike: only one may` };
  return { policy };
}

function hasLabels(labels: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  const pairs = Object.entries(wanted);
  return pairs.length > 0 && pairs.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

function list(policies: readonly Policy[]): string {
  const names = policies.map(({ name, file }) => `${name} (${file})`).toSorted();
  return `policies ${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
