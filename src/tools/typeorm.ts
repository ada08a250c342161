import { tableTool } from "./subcommands.ts";

/** TypeORM. */
export const typeorm = tableTool({
  id: "typeorm",
  title: "TypeORM",
  binaries: ["typeorm", "typeorm-ts-node-commonjs", "typeorm-ts-node-esm"],
  destructive: ["schema:drop", "migration:revert"],
  history: ["migration:run --fake"],
  unclear: ["schema:sync", "query"],
  forward: ["migration:run"],
  harmless: ["migration:show", "migration:create", "migration:generate", "schema:log", "cache:clear"],
  urlVariables: ["DATABASE_URL"],
  destructiveVariables: ["TYPEORM_DROP_SCHEMA=true"],
});
