import type { DefElem } from "@pgsql/types";
import type { Rule } from "../model/rule.ts";
import { isTagged } from "./nodes.ts";
import { isOn, optionsOf } from "./options.ts";
import { identifier } from "./paste.ts";

/** Its settings (ALTER DATABASE … SET) are `default-setting`, its owner is `change-owner`, its name `rename-schema`. */
export const alterDatabase: Rule = {
  id: "alter-database",
  title: "Close a database to connections, or move it",
  hazard: "compatibility",
  phase: "contract",
  why: "new connections of the running release are refused",
  instead: "REVOKE CONNECT from the roles that shall stay out, once no release uses them",
  bad: [
    "ALTER DATABASE postgres CONNECTION LIMIT 0;",
    "ALTER DATABASE postgres ALLOW_CONNECTIONS false;",
    "ALTER DATABASE postgres SET TABLESPACE fast;",
  ],
  good: [
    "ALTER DATABASE postgres CONNECTION LIMIT -1;",
    "ALTER DATABASE postgres ALLOW_CONNECTIONS true;",
    "COMMENT ON DATABASE postgres IS 'kept';",
  ],
  check(statement) {
    if (!isTagged(statement, "AlterDatabaseStmt")) return [];
    const { dbname = "", options } = statement.node;
    const effects = optionsOf(options).flatMap((option) => effectOf(option));
    const instead = `REVOKE CONNECT ON DATABASE ${identifier(dbname)} FROM the roles that shall stay out`;
    return effects.map((effect) => ({ subject: dbname, instead, ...effect }));
  },
};

const moves = {
  hazard: "availability",
  why: "refuses while anyone is connected, then copies every file of the database",
  instead: "put it on the other storage by a restore, or move table by table in a window",
} as const;

function effectOf(option: DefElem): readonly (typeof moves | Record<string, never>)[] {
  const { defname, arg } = option;
  if (defname === "tablespace") return [moves];
  if (defname === "allow_connections") return isOn(option) ? [] : [{}];
  const isLimit = defname === "connection_limit" && arg !== undefined && "Integer" in arg;
  return isLimit && (arg.Integer.ival ?? 0) >= 0 ? [{}] : [];
}
