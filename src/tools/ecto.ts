import { tableTool } from "./subcommands.ts";

/** Ecto through Mix; a release's `eval` is a program of its own. */
export const ecto = tableTool({
  id: "ecto",
  title: "Ecto",
  binaries: ["mix"],
  general: true,
  destructive: ["ecto.drop", "ecto.reset", "ecto.rollback"],
  unclear: ["ecto.load", "ecto.setup", "run"],
  forward: ["ecto.migrate", "ecto.create"],
  harmless: ["ecto.migrations", "compile", "deps.get"],
  urlVariables: ["DATABASE_URL"],
});
