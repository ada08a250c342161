import type { Change } from "../model/change.ts";
import { effectiveBootstrap } from "./cnpg-defaults.ts";
import { canonical, type Fields } from "./fields.ts";
import { subjectOf } from "./hits.ts";
import { updated } from "./judged.ts";

type Difference = Record<string, { readonly from: unknown; readonly to: unknown }>;

/** spec.bootstrap edited on a live Cluster: read only when the Cluster is made again (cnpg.md sections 3, 4 and 7.7). */
export const bootstrapChanged: Change = {
  id: "bootstrap-changed",
  title: "Bootstrap changed on a live Cluster",
  hazard: "recoverability",
  phase: "migrate",
  resources: ["postgresql.cnpg.io/clusters"],
  operations: ["UPDATE"],
  why: "does nothing now, but decides what the Cluster starts with if it is ever made again: an empty database, or old data",
  instead: "recover into a Cluster of another name",
  check(request) {
    const update = updated(request);
    if (update === null) return [];
    const [from, to] = [effectiveBootstrap(update.before), effectiveBootstrap(update.after)];
    const difference = differenceOf(from, to);
    if (Object.keys(difference).length === 0) return [];
    const cluster = update.after.metadata.name;
    return [{ subject: subjectOf(update.after), display: displayOf(from, to, difference), difference, cluster }];
  },
};

type Bootstrap = ReadonlyMap<string, Fields>;

/** Names only: the settings may hold SQL with literals. */
function displayOf(before: Bootstrap, after: Bootstrap, difference: Difference): string {
  const [from, to] = [before, after].map((bootstrap) => [...bootstrap.keys()].sort().join(", "));
  return from === to ? `${Object.keys(difference).join(", ")} changed` : `bootstrap ${from} → ${to}`;
}

function differenceOf(before: Bootstrap, after: Bootstrap): Difference {
  const difference: Difference = {};
  for (const method of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [from, to] = [before.get(method) ?? {}, after.get(method) ?? {}];
    for (const key of [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()) {
      if (canonical(from[key]) === canonical(to[key])) continue;
      difference[`bootstrap.${method}.${key}`] = { from: from[key] ?? null, to: to[key] ?? null };
    }
  }
  return difference;
}
