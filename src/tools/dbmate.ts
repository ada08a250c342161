import { tableTool } from "./subcommands.ts";

/** dbmate: up also creates the database and dumps the schema to a file. */
export const dbmate = tableTool({
  id: "dbmate",
  title: "dbmate",
  images: [
    { repository: "docker.io/amacneil/dbmate", entrypoint: ["dbmate"] },
    { repository: "ghcr.io/amacneil/dbmate", entrypoint: ["dbmate"] },
  ],
  binaries: ["dbmate"],
  destructive: ["drop", "down", "rollback"],
  unclear: ["load"],
  forward: ["up", "migrate"],
  harmless: ["status", "wait", "new", "create", "dump"],
  urlOptions: ["--url", "-u"],
  urlVariables: ["DATABASE_URL"],
});
