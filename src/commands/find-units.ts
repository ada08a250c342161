import type { FileObject } from "../adapters/files.ts";
import type { Io } from "./command.ts";
import { openManifests, readPolicies } from "./manifests.ts";
import { requestsOf } from "./requests.ts";

/** A unit that has one of the digests, and the object whose annotation approves it. */
export interface FoundUnit {
  readonly digest: string;
  readonly covers: string;
  readonly place: FileObject;
}

/** All units of the paths that have one of these digests, found by the gate itself. Throws what reading the manifests throws. */
export async function findUnits(
  io: Io,
  digests: readonly string[],
  paths: readonly string[],
  policies: string | undefined,
): Promise<readonly FoundUnit[]> {
  const pointed = { paths, cluster: null, context: null, policies: await readPolicies(policies), now: null };
  const opened = await openManifests(pointed, io);
  try {
    const found: FoundUnit[] = [];
    for (const { request, file: place } of requestsOf(opened.objects, null)) {
      const { units } = await opened.gate.judge({ request, failOpen: false }, AbortSignal.timeout(60_000));
      const asked = units.filter(({ digest }) => digests.includes(digest));
      found.push(...asked.map(({ digest, covers }) => ({ digest, covers, place })));
    }
    return found;
  } finally {
    await opened.close();
  }
}
