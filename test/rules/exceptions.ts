/** Cases that PGlite cannot run inside a transaction, or at all. What they do is known from PostgreSQL's manual alone. */
export const notExecutable: ReadonlyMap<string, string> = new Map([
  ["DROP DATABASE shop;", "cannot run inside a transaction block"],
  ["DROP DATABASE IF EXISTS shop WITH (FORCE);", "cannot run inside a transaction block"],
  ["ALTER SYSTEM SET archive_mode = off;", "cannot run inside a transaction block"],
  ["ALTER SYSTEM RESET ALL;", "cannot run inside a transaction block"],
  ["ALTER SYSTEM SET work_mem = '64MB';", "cannot run inside a transaction block"],
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
]);

/** Cases whose changed values are the same values under a new name: what was there can be had back by the reverse. */
export const renamedOnly: ReadonlyMap<string, string> = new Map([
  ["ALTER TYPE app.mood RENAME VALUE 'ok' TO 'fine';", "every row that held the one holds the other"],
]);
