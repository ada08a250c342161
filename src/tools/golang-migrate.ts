import { tableTool } from "./subcommands.ts";

/** golang-migrate: no environment variables, -path or -source is required. */
export const golangMigrate = tableTool({
  id: "golang-migrate",
  title: "golang-migrate",
  images: [{ repository: "docker.io/migrate/migrate", entrypoint: ["migrate"] }],
  binaries: ["migrate"],
  shape: ["-path", "-source", "-database", "--path", "--source", "--database"],
  signatures: [
    ["-path", "-database"],
    ["-source", "-database"],
    ["--path", "--database"],
  ],
  destructive: ["down", "drop"],
  history: ["force"],
  unclear: ["goto"],
  forward: ["up"],
  harmless: ["version", "create"],
  urlOptions: ["-database", "--database"],
});
