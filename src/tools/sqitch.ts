import { tableTool } from "./subcommands.ts";

/** Sqitch: a failing deploy reverts what it deployed unless --mode says otherwise. */
export const sqitch = tableTool({
  id: "sqitch",
  title: "Sqitch",
  images: [{ repository: "docker.io/sqitch/sqitch", entrypoint: ["sqitch"] }],
  binaries: ["sqitch"],
  destructive: ["revert", "rebase", "checkout"],
  history: ["deploy --log-only"],
  forward: ["deploy"],
  harmless: ["status", "log", "verify", "plan", "show", "help", "init", "config", "engine", "target"],
  urlOptions: ["--target", "-t"],
  urlVariables: ["SQITCH_TARGET"],
});
