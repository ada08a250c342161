import { missingPackages } from "./build/packages.ts";

/** `npm run cluster:packages`: prints the command that installs what this machine lacks, or nothing. */
const command = await missingPackages();
if (command !== undefined) process.stdout.write(`${command}\n`);
