import { tableTool } from "./subcommands.ts";

/** sqlx-cli. */
export const sqlx = tableTool({
  id: "sqlx",
  title: "sqlx",
  binaries: ["sqlx"],
  destructive: ["database drop", "database reset", "migrate revert"],
  forward: ["migrate run", "database setup", "database create"],
  harmless: ["migrate info", "migrate add", "prepare"],
  urlOptions: ["--database-url", "-D"],
  urlVariables: ["DATABASE_URL"],
});
