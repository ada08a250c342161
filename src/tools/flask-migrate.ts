import { tableTool } from "./subcommands.ts";

/** Flask-Migrate: Alembic behind `flask db`. */
export const flaskMigrate = tableTool({
  id: "flask-migrate",
  title: "Flask-Migrate",
  binaries: ["flask"],
  general: true,
  destructive: ["db downgrade"],
  history: ["db stamp"],
  forward: ["db upgrade"],
  harmless: ["db current", "db history", "db heads", "db check", "db show"],
  urlVariables: ["DATABASE_URL", "SQLALCHEMY_DATABASE_URI"],
});
