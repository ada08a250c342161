import { goModules } from "../versions.ts";
import { binariesOf } from "./binaries.ts";

const say = (line: string) => void process.stderr.write(`${line}\n`);
for (const module of goModules) await binariesOf(module, say);
