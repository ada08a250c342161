import { tableTool } from "./subcommands.ts";

/** drizzle-kit. */
export const drizzle = tableTool({
  id: "drizzle",
  title: "Drizzle Kit",
  binaries: ["drizzle-kit"],
  destructive: ["push --force"],
  unclear: ["push", "drop"],
  forward: ["migrate"],
  harmless: ["generate", "check", "export", "introspect", "pull", "studio", "up"],
  urlOptions: ["--url"],
  urlVariables: ["DATABASE_URL"],
});
