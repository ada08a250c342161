import { tableTool } from "./subcommands.ts";

/** Django: `migrate APP NAME` goes back when NAME is an older migration. */
export const django = tableTool({
  id: "django",
  title: "Django",
  binaries: ["manage.py", "django-admin"],
  general: true,
  destructive: ["flush", "reset_db", "sqlflush", "migrate * zero"],
  history: ["migrate --fake", "migrate --fake-initial"],
  unclear: ["migrate * *", "dbshell", "shell", "loaddata"],
  forward: ["migrate"],
  harmless: [
    "collectstatic",
    "check",
    "showmigrations",
    "sqlmigrate",
    "makemigrations",
    "compilemessages",
    "createcachetable",
    "diffsettings",
    "wait_for_db",
  ],
  urlVariables: ["DATABASE_URL"],
});
