import { tableTool } from "./subcommands.ts";

/** pgroll: complete is the contract step that drops the old columns. */
export const pgroll = tableTool({
  id: "pgroll",
  title: "pgroll",
  images: [{ repository: "ghcr.io/xataio/pgroll", entrypoint: ["pgroll"] }],
  binaries: ["pgroll"],
  destructive: ["rollback", "complete", "start --complete", "migrate --complete"],
  history: ["baseline"],
  unclear: ["init"],
  forward: ["start", "migrate"],
  harmless: ["status", "analyze", "validate", "pull", "latest"],
  urlOptions: ["--postgres-url"],
  urlVariables: ["PGROLL_PG_URL"],
});
