import { tableTool } from "./subcommands.ts";

/** Flyway: one call may name several commands; clean is off by default only since version 9. */
export const flyway = tableTool({
  id: "flyway",
  title: "Flyway",
  images: [
    { repository: "docker.io/flyway/flyway", entrypoint: ["flyway"] },
    { repository: "docker.io/redgate/flyway", entrypoint: ["flyway"] },
    { repository: "docker.io/boxfuse/flyway", entrypoint: ["flyway"] },
  ],
  binaries: ["flyway"],
  destructive: ["clean", "undo"],
  history: ["repair", "baseline"],
  unclear: ["migrate -outOfOrder", "migrate -skipExecutingMigrations", "deploy"],
  forward: ["migrate"],
  harmless: ["info", "validate", "version", "help", "check", "snapshot", "report", "testConnection", "list-engines"],
  several: true,
  urlOptions: ["-url"],
  urlVariables: ["FLYWAY_URL"],
  destructiveVariables: ["FLYWAY_CLEAN_ON_VALIDATION_ERROR=true"],
});
