import type { Rule } from "../model/rule.ts";
import { qualifiedName, shown } from "./names.ts";
import { isTagged, strings } from "./nodes.ts";
import { optionsOf, optionText } from "./options.ts";

/** Extensions that bring an untrusted language, or reach the server's files, programs or network. */
const extensions =
  /^(pl(python[23]?|perl|tcl|lua|java|r|v8)u|plpython[23]?u|plsh|plr|adminpack|file_fdw|dblink|pg_execute_server_program|http|pg_net|lo_export)$/;

const languages = /^(c|internal|pl\w*u|plsh|plr)$/i;

export const untrustedLanguage: Rule = {
  id: "untrusted-language",
  title: "Bring in code that acts as the server itself",
  hazard: "privilege",
  phase: "expand",
  why: "code in it can read the server's files, run programs or reach the network, past all rights of the database",
  instead: "write it in SQL or PL/pgSQL, or do it outside the database",
  bad: [
    "CREATE EXTENSION plpython3u;",
    "CREATE EXTENSION IF NOT EXISTS file_fdw;",
    "CREATE LANGUAGE plperlu;",
    "CREATE FUNCTION app.fresh() RETURNS timestamptz LANGUAGE internal AS 'now';",
  ],
  good: [
    "CREATE EXTENSION IF NOT EXISTS citext;",
    "CREATE FUNCTION app.fresh() RETURNS int LANGUAGE sql AS 'SELECT 1';",
  ],
  check(statement) {
    if (isTagged(statement, "CreateExtensionStmt")) {
      const { extname = "" } = statement.node;
      return extensions.test(extname) ? [{ subject: extname }] : [];
    }
    if (!isTagged(statement, "CreateFunctionStmt")) return [];
    const { funcname, options } = statement.node;
    const language = optionsOf(options).find((option) => option.defname === "language");
    const isUntrusted = language !== undefined && languages.test(optionText(language));
    return isUntrusted ? [{ subject: shown(qualifiedName(strings(funcname))) }] : [];
  },
};
