import { tableTool } from "./subcommands.ts";

/** node-pg-migrate. */
export const nodePgMigrate = tableTool({
  id: "node-pg-migrate",
  title: "node-pg-migrate",
  binaries: ["node-pg-migrate"],
  destructive: ["down", "redo"],
  history: ["up --fake"],
  forward: ["up"],
  harmless: ["create"],
  urlVariables: ["DATABASE_URL"],
});
