import { tableTool } from "./subcommands.ts";

/** Knex. */
export const knex = tableTool({
  id: "knex",
  title: "Knex",
  binaries: ["knex"],
  destructive: ["migrate:rollback", "migrate:down"],
  history: ["migrate:unlock"],
  unclear: ["seed:run"],
  forward: ["migrate:latest", "migrate:up"],
  harmless: ["migrate:status", "migrate:list", "migrate:currentVersion", "migrate:make"],
  urlVariables: ["DATABASE_URL"],
});
