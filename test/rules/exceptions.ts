/** How PostgreSQL ends every one of these; the oracle checks that it does. */
export const refusedInTransaction = "cannot run inside a transaction block";

const outsideOnly = [
  "DROP DATABASE shop;",
  "DROP DATABASE IF EXISTS shop WITH (FORCE);",
  "CREATE DATABASE shop;",
  "ALTER SYSTEM SET archive_mode = off;",
  "ALTER SYSTEM RESET ALL;",
  "ALTER SYSTEM SET work_mem = '64MB';",
  "ALTER DATABASE postgres SET TABLESPACE fast;",
  "DROP TABLESPACE fast;",
  "DROP TABLESPACE IF EXISTS fast;",
  "CLUSTER;",
  "VACUUM app.users;",
  "VACUUM FULL app.users;",
  "VACUUM (FULL, ANALYZE);",
  "VACUUM (FULL false, ANALYZE) app.users;",
  "REINDEX (VERBOSE) SCHEMA app;",
  "REINDEX TABLE CONCURRENTLY app.users;",
  "CREATE INDEX CONCURRENTLY orders_user ON app.orders (user_id);",
  "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_user ON app.orders (user_id);",
  "DROP INDEX CONCURRENTLY app.orders_state_index;",
  "ALTER TABLE app.events DETACH PARTITION app.events_2025 CONCURRENTLY;",
].map((sql) => [sql, refusedInTransaction] as const);

/** Cases that PGlite cannot run inside a transaction, or at all. What they do is known from PostgreSQL's manual alone. */
export const notExecutable: ReadonlyMap<string, string> = new Map([
  ...outsideOnly,
  ["ALTER DATABASE postgres ALLOW_CONNECTIONS false;", "PGlite has one database, and it is the current one"],
  ["ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE fast;", "PGlite can make no tablespace"],
  ["SELECT drop_chunks('metrics', INTERVAL '3 months');", "PGlite ships no TimescaleDB"],
  ["SELECT add_retention_policy('metrics', INTERVAL '3 months');", "PGlite ships no TimescaleDB"],
  ["SELECT show_chunks('metrics', INTERVAL '3 months');", "PGlite ships no TimescaleDB"],
  ["SECURITY LABEL FOR anon ON TABLE app.users IS NULL;", "PGlite has no label provider"],
  ["SECURITY LABEL ON ROLE reader IS 'MASKED';", "PGlite has no label provider"],
  ["CREATE EXTENSION plpython3u;", "PGlite ships no untrusted language"],
  ["CREATE LANGUAGE plperlu;", "PGlite ships no untrusted language"],
  ["CREATE EXTENSION IF NOT EXISTS file_fdw;", "PGlite ships no file_fdw"],
  ["ALTER EXTENSION postgis UPDATE;", "PGlite ships one version of each extension"],
  ["ALTER EXTENSION postgis UPDATE TO '3.5.0';", "PGlite ships one version of each extension"],
  ["CREATE TABLE scratch (id int); COMMIT;", "ends the transaction the oracle rolls back"],
  ["BEGIN; CREATE TABLE scratch (id int); COMMIT;", "ends the transaction the oracle rolls back"],
  ["SELECT 1; ROLLBACK;", "ends the transaction the oracle rolls back"],
  ["DROP SUBSCRIPTION mirror;", "PGlite has no replication receiver, so no subscription can be made"],
  ["ALTER SUBSCRIPTION mirror DISABLE;", "PGlite has no replication receiver"],
  ["ALTER SUBSCRIPTION mirror SET (slot_name = NONE);", "PGlite has no replication receiver"],
  ["ALTER SUBSCRIPTION mirror DROP PUBLICATION p;", "PGlite has no replication receiver"],
  ["ALTER SUBSCRIPTION mirror ENABLE;", "PGlite has no replication receiver"],
  ["ALTER SUBSCRIPTION mirror REFRESH PUBLICATION;", "PGlite has no replication receiver"],
  ["SELECT pg_drop_replication_slot('far_replica');", "PGlite has no replication slots"],
  ["SELECT pg_catalog.pg_backup_stop();", "PGlite takes no base backups"],
  ["DROP EXTENSION ledger;", "stands for an extension with tables of its own (PostGIS, pg_cron); PGlite ships none"],
  ["COPY app.notes FROM PROGRAM 'cat /tmp/notes';", "PGlite starts no processes"],
  ["COPY (SELECT 1) TO PROGRAM 'cat';", "PGlite starts no processes"],
  ["COPY app.notes TO STDOUT;", "PGlite's client does not speak COPY"],
  ["COPY app.notes (id, body) FROM STDIN;", "PGlite's client waits for data without an end"],
]);

/** Cases whose finding the fixture does not bear out, because what decides it cannot be seen in the text. */
export const notKnowable: ReadonlyMap<string, string> = new Map([
  ["ALTER TABLE app.users ALTER age TYPE int;", "from bigint it fails or fits, from numeric it would round"],
  ["REVOKE ALL ON app.orders FROM PUBLIC;", "whether PUBLIC had any right"],
  ["GRANT SELECT ON app.orders TO reader;", "whether the role had the right already"],
  ["ALTER TABLE app.users ALTER COLUMN phone SET DEFAULT 'none';", "whether the default was another before"],
  ["CREATE OR REPLACE VIEW app.user_names AS SELECT id, name FROM app.users;", "whether the query was another before"],
  ["ALTER EXTENSION citext UPDATE;", "whether there is a newer version"],
]);

/** Cases whose changed values are the same values under a new name: what was there can be had back by the reverse. */
export const renamedOnly: ReadonlyMap<string, string> = new Map([
  ["ALTER TYPE app.mood RENAME VALUE 'ok' TO 'fine';", "every row that held the one holds the other"],
]);

/** Cases that PostgreSQL refuses, as their rule says; by a part of its message. */
export const refused: ReadonlyMap<string, string> = new Map([
  [
    "ALTER TYPE app.mood ADD VALUE 'glad'; UPDATE app.users SET feeling = 'glad' WHERE id = 1;",
    "unsafe use of new value",
  ],
]);
