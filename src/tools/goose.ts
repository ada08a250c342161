import { tableTool } from "./subcommands.ts";

/** goose: DRIVER and DBSTRING may stand before the command, or in GOOSE_DRIVER and GOOSE_DBSTRING. */
export const goose = tableTool({
  id: "goose",
  title: "goose",
  images: [
    { repository: "docker.io/gomicro/goose", entrypoint: ["goose"] },
    { repository: "ghcr.io/pressly/goose", entrypoint: ["goose"] },
  ],
  binaries: ["goose"],
  destructive: ["down", "down-to", "redo", "reset"],
  history: ["fix"],
  unclear: ["up -no-versioning", "up --no-versioning"],
  forward: ["up", "up-by-one", "up-to"],
  harmless: ["status", "version", "validate", "create", "env"],
  urlVariables: ["GOOSE_DBSTRING"],
});
