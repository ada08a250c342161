import type { FileObject } from "../adapters/files.ts";
import type { Unit } from "../model/decision.ts";
import type { Policy } from "../model/policy.ts";
import { selectPolicy } from "../policy.ts";
import type { World } from "../ports.ts";
import type { Io } from "./command.ts";
import { openManifests, readPolicies } from "./manifests.ts";
import { requestsOf } from "./requests.ts";

/** Which digests to look for, and where; cluster, context and policies as in `check`. */
export interface UnitSearch {
  readonly digests: readonly string[];
  readonly paths: readonly string[];
  /** folder of policy files; undefined is the usual one */
  readonly policies: string | undefined;
  readonly cluster: string | null;
  readonly context: string | null;
}

/** A unit that has one of the digests, and the object whose annotation approves it. */
export interface FoundUnit extends Unit {
  readonly place: FileObject;
  /** the policy that prices it; null where no single one does */
  readonly policy: Policy | null;
}

/** All units of the paths that have one of these digests, found by the gate itself. Throws what reading the manifests throws. */
export async function findUnits(search: UnitSearch, io: Io): Promise<readonly FoundUnit[]> {
  const { paths, cluster, context } = search;
  const policies = await readPolicies(search.policies);
  const opened = await openManifests({ paths, cluster, context, policies, now: null }, io);
  try {
    const found: FoundUnit[] = [];
    for (const { request, file: place } of requestsOf(opened.objects, null)) {
      const signal = AbortSignal.timeout(60_000);
      const { units } = await opened.gate.judge({ request, failOpen: false }, signal);
      for (const unit of units.filter(({ digest }) => search.digests.includes(digest))) {
        const policy = await policyOf(unit.target?.namespace ?? request.namespace, opened.world, signal);
        found.push({ ...unit, place, policy });
      }
    }
    return found;
  } finally {
    await opened.close();
  }
}

/** Units are priced by the policy of their target's namespace. */
async function policyOf(namespace: string, world: World, signal: AbortSignal): Promise<Policy | null> {
  const object = await world.reader.get("Namespace", "", namespace, signal);
  const selected = selectPolicy(world.policies(), namespace, object?.metadata.labels ?? {});
  return "policy" in selected ? selected.policy : null;
}
