import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where binaries and images are kept from run to run. `MIGRATION_GATE_CLUSTER_CACHE` moves it; deleting it is always safe. */
export const cacheFolder =
  process.env["MIGRATION_GATE_CLUSTER_CACHE"] ?? join(homedir(), ".cache/migration-gate/cluster");

/**
 * The folder that holds what `make` makes, made at most once for a recipe: the name says what and which version, the hash
 * everything else that it depends on. Half-made folders are never taken for whole ones.
 */
export async function cached(
  name: string,
  recipe: unknown,
  make: (folder: string) => Promise<void>,
  say: (line: string) => void,
): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(recipe)).digest("hex").slice(0, 12);
  const folder = join(cacheFolder, `${name}-${hash}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const started = Date.now();
  say(`► ${name}: building …`);
  try {
    await make(unfinished);
    // another process may have made it meanwhile
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  say(`✔ ${name}: ${Math.round((Date.now() - started) / 1000)} s`);
  return folder;
}
