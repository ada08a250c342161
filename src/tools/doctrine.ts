import { tableTool } from "./subcommands.ts";

/** Doctrine, through Symfony's console or alone. */
export const doctrine = tableTool({
  id: "doctrine",
  title: "Doctrine",
  binaries: ["console", "doctrine", "doctrine-migrations"],
  general: true,
  destructive: [
    "doctrine:schema:drop",
    "doctrine:schema:update --force",
    "doctrine:database:drop",
    "orm:schema-tool:drop",
    "doctrine:migrations:migrate prev",
    "doctrine:migrations:migrate first",
    "doctrine:migrations:migrate 0",
    "migrations:migrate prev",
    "migrations:migrate first",
    "migrations:migrate 0",
  ],
  history: [
    "doctrine:migrations:version --add",
    "doctrine:migrations:version --delete",
    "doctrine:migrations:sync-metadata-storage",
  ],
  unclear: [
    "doctrine:migrations:migrate *",
    "migrations:migrate *",
    "doctrine:migrations:execute",
    "doctrine:fixtures:load",
    "doctrine:query:sql",
  ],
  forward: ["doctrine:migrations:migrate", "migrations:migrate", "doctrine:database:create"],
  harmless: [
    "doctrine:migrations:status",
    "doctrine:migrations:list",
    "doctrine:migrations:up-to-date",
    "migrations:status",
    "cache:clear",
    "cache:warmup",
    "doctrine:schema:validate",
  ],
  urlVariables: ["DATABASE_URL"],
});
