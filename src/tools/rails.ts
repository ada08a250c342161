import { tableTool } from "./subcommands.ts";

/** Rails and Rake tasks, several in one call. */
export const rails = tableTool({
  id: "rails",
  title: "Rails",
  binaries: ["rails", "rake"],
  general: true,
  destructive: [
    "db:drop",
    "db:drop:_unsafe",
    "db:reset",
    "db:schema:load",
    "db:structure:load",
    "db:migrate:reset",
    "db:migrate:down",
    "db:rollback",
    "db:migrate:redo",
    "db:truncate_all",
    "db:seed:replant",
    "db:setup",
    "db:purge",
  ],
  unclear: ["db:prepare", "db:seed", "runner"],
  forward: ["db:migrate", "db:migrate:up", "db:create", "db:migrate:with_data"],
  harmless: ["db:migrate:status", "db:version", "db:abort_if_pending_migrations", "assets:precompile"],
  several: true,
  urlVariables: ["DATABASE_URL"],
  destructiveVariables: ["VERSION=0"],
});
