import { tableTool } from "./subcommands.ts";

/** MikroORM. */
export const mikroOrm = tableTool({
  id: "mikro-orm",
  title: "MikroORM",
  binaries: ["mikro-orm", "mikro-orm-esm"],
  destructive: ["schema:drop", "migration:down", "migration:fresh", "schema:fresh"],
  unclear: ["schema:update", "seeder:run"],
  forward: ["migration:up"],
  harmless: ["migration:list", "migration:pending", "migration:check", "migration:create", "schema:update --dump"],
  urlVariables: ["DATABASE_URL"],
});
