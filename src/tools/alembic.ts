import { tableTool } from "./subcommands.ts";

/** Alembic. `upgrade --sql` only prints, but what follows it in a pipe may run it. */
export const alembic = tableTool({
  id: "alembic",
  title: "Alembic",
  binaries: ["alembic"],
  destructive: ["downgrade"],
  history: ["stamp"],
  forward: ["upgrade"],
  harmless: ["current", "history", "heads", "check", "show", "branches", "revision", "merge"],
  urlVariables: ["DATABASE_URL", "SQLALCHEMY_DATABASE_URI", "SQLALCHEMY_DATABASE_URL"],
});
