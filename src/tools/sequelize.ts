import { tableTool } from "./subcommands.ts";

/** sequelize-cli. */
export const sequelize = tableTool({
  id: "sequelize",
  title: "Sequelize",
  binaries: ["sequelize", "sequelize-cli"],
  destructive: ["db:drop", "db:migrate:undo", "db:migrate:undo:all", "db:seed:undo", "db:seed:undo:all"],
  unclear: ["db:seed", "db:seed:all"],
  forward: ["db:migrate", "db:create"],
  harmless: ["db:migrate:status", "db:migrate:schema:timestamps:add", "migration:generate"],
  urlOptions: ["--url"],
  urlVariables: ["DATABASE_URL"],
});
