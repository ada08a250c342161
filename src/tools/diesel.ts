import { tableTool } from "./subcommands.ts";

/** diesel_cli. */
export const diesel = tableTool({
  id: "diesel",
  title: "Diesel",
  binaries: ["diesel"],
  destructive: ["database reset", "database drop", "migration revert", "migration redo"],
  unclear: ["setup"],
  forward: ["migration run", "database setup"],
  harmless: ["migration list", "migration pending", "print-schema"],
  urlOptions: ["--database-url"],
  urlVariables: ["DATABASE_URL"],
});
