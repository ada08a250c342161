import type { Rule } from "../model/rule.ts";
import { cascadeHit, dropOf } from "./drops.ts";
import { nameParts, qualifiedName, shown } from "./names.ts";

/** Extensions of PostgreSQL's own distribution that bring no table: dropping one without CASCADE can lose no row. */
const tableless = new Set(
  (
    "amcheck bloom btree_gin btree_gist citext cube dblink dict_int dict_xsyn earthdistance file_fdw fuzzystrmatch hstore " +
    "intarray isn lo ltree pageinspect pg_buffercache pg_freespacemap pg_prewarm pg_stat_statements pg_surgery pg_trgm " +
    "pg_visibility pg_walinspect pgcrypto pgrowlocks pgstattuple plpgsql postgres_fdw seg sslinfo tablefunc tcn " +
    "tsm_system_rows tsm_system_time unaccent uuid-ossp vector xml2"
  ).split(" "),
);

/** An extension's own tables (PostGIS, pg_cron, pg_partman) go with it even without CASCADE. */
export const dropExtension: Rule = {
  id: "drop-extension",
  title: "Drop an extension",
  hazard: "data-loss",
  phase: "contract",
  why: "deletes the extension with the tables of its own, if it has any; only a restore brings their rows back",
  instead: "stop using it now; drop it one release later, after saving the rows of its own tables",
  bad: ["DROP EXTENSION citext CASCADE;", "DROP EXTENSION IF EXISTS tablefunc;", "DROP EXTENSION ledger;"],
  good: ["CREATE EXTENSION IF NOT EXISTS citext;", "ALTER EXTENSION citext UPDATE;"],
  check(statement, state) {
    const drop = dropOf(statement, "OBJECT_EXTENSION");
    const names = drop?.objects.map((object) => qualifiedName(nameParts(object))) ?? [];
    // columns that were there before may have been changed to one of its types
    const old = names.filter((name) => drop?.cascade || !state.madeHere("OBJECT_EXTENSION", name));
    return old
      .map((name) => shown(name))
      .map((subject) => {
        if (drop?.cascade) return cascadeHit(subject);
        return tableless.has(subject) ? { subject, ...functionsOnly } : { subject };
      });
  },
};

const functionsOnly = {
  hazard: "compatibility",
  why: "queries of the running release that use its functions, operators or types fail",
} as const;
