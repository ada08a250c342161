import { tableTool } from "./subcommands.ts";

/** Atlas: schema apply makes the database like a file, whatever that drops. */
export const atlas = tableTool({
  id: "atlas",
  title: "Atlas",
  images: [{ repository: "docker.io/arigaio/atlas", entrypoint: ["atlas"] }],
  binaries: ["atlas"],
  destructive: ["schema clean", "migrate down"],
  history: ["migrate set", "migrate apply --baseline", "migrate apply --allow-dirty"],
  unclear: ["schema apply"],
  forward: ["migrate apply"],
  harmless: [
    "migrate status",
    "migrate validate",
    "migrate lint",
    "migrate hash",
    "migrate diff",
    "migrate new",
    "schema inspect",
    "schema diff",
    "schema fmt",
    "version",
  ],
  urlOptions: ["--url", "-u"],
});
