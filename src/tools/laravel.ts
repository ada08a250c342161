import { tableTool } from "./subcommands.ts";

/** Laravel artisan. */
export const laravel = tableTool({
  id: "laravel",
  title: "Laravel",
  binaries: ["artisan"],
  general: true,
  destructive: ["migrate:fresh", "migrate:refresh", "migrate:reset", "migrate:rollback", "db:wipe"],
  unclear: ["db:seed", "migrate --seed", "tinker"],
  forward: ["migrate"],
  harmless: [
    "migrate:status",
    "migrate:install",
    "migrate --pretend",
    "config:cache",
    "route:cache",
    "view:cache",
    "optimize",
    "storage:link",
    "key:generate",
  ],
  urlVariables: ["DATABASE_URL", "DB_URL"],
});
