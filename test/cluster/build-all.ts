import { binariesOf } from "./build/binaries.ts";
import { imageArchives } from "./build/images.ts";
import { missingPackages } from "./build/packages.ts";
import { goModules } from "./versions.ts";

/** `npm run cluster:build`: every binary and image that is not in the cache yet, with what takes how long. */
const say = (line: string) => void process.stderr.write(`${line}\n`);
const missing = await missingPackages();
if (missing !== undefined) throw new Error(`Debian packages are missing: ${missing}`);
for (const module of goModules) await binariesOf(module, say);
await imageArchives(say);
