import { tableTool } from "./subcommands.ts";

/** Prisma: db push without a flag stops where data would be lost, but what it applies is decided while it runs. */
export const prisma = tableTool({
  id: "prisma",
  title: "Prisma",
  binaries: ["prisma"],
  destructive: ["migrate reset", "db push --accept-data-loss", "db push --force-reset"],
  history: ["migrate resolve"],
  unclear: ["db push", "db execute", "migrate dev", "db seed"],
  forward: ["migrate deploy"],
  harmless: ["migrate status", "migrate diff", "generate", "validate", "format", "version", "db pull"],
  urlVariables: ["DATABASE_URL", "DIRECT_URL"],
});
