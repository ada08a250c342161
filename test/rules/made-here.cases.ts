import { describe, expect, test } from "vitest";
import type { Losses } from "../oracle/losses.ts";
import { hitsOf } from "./analysis.ts";

/** Locks are taken, and notes are worth knowing, whoever made the thing. */
const isLoss = (hazard: string) => hazard !== "availability" && hazard !== "note";
const found = (sql: string) =>
  hitsOf(sql)
    .filter(({ hazard }) => isLoss(hazard))
    .map(({ rule, hazard, subject }) => `${rule} ${hazard} ${subject}`);

/** What is made and dropped in one text is no loss, whatever its kind: nothing that was there before is gone afterwards. */
const madeHere: readonly string[] = [
  "CREATE VIEW app.v AS SELECT 1 AS one; DROP VIEW app.v;",
  "CREATE TEMP VIEW v AS SELECT 1 AS one; DROP VIEW v;",
  "CREATE MATERIALIZED VIEW app.m AS SELECT 1 AS one; DROP MATERIALIZED VIEW app.m;",
  "CREATE INDEX i ON app.notes (body); DROP INDEX app.i;",
  "ALTER TABLE app.notes ADD CONSTRAINT c CHECK (id > 0); ALTER TABLE app.notes DROP CONSTRAINT c;",
  "ALTER TABLE app.notes ADD UNIQUE (id, body); ALTER TABLE app.notes DROP CONSTRAINT notes_id_body_key;",
  "ALTER DOMAIN app.mark ADD CONSTRAINT c CHECK (VALUE > 0); ALTER DOMAIN app.mark DROP CONSTRAINT c;",
  "CREATE TYPE app.fresh AS ENUM ('a'); DROP TYPE app.fresh CASCADE;",
  "CREATE DOMAIN app.fresh AS int; DROP DOMAIN app.fresh CASCADE;",
  "CREATE FUNCTION app.f(a int, b text) RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION app.f(int, text);",
  "CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION app.f;",
  "CREATE PROCEDURE app.p() LANGUAGE sql AS 'SELECT 1'; DROP PROCEDURE app.p();",
  "CREATE SEQUENCE app.s; SELECT setval('app.s', 7); ALTER SEQUENCE app.s RESTART; DROP SEQUENCE app.s;",
  "CREATE SCHEMA scratch; CREATE TABLE scratch.t AS SELECT * FROM app.notes; DROP SCHEMA scratch CASCADE;",
  "CREATE TRIGGER t BEFORE UPDATE ON app.notes FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger(); DROP TRIGGER t ON app.notes;",
  "CREATE POLICY p ON app.tenants USING (id > 0); DROP POLICY p ON app.tenants;",
  "CREATE RULE r AS ON DELETE TO app.notes DO ALSO NOTHING; DROP RULE r ON app.notes;",
  "CREATE PUBLICATION fresh FOR TABLE app.notes; DROP PUBLICATION fresh;",
  "CREATE ROLE fresh; DROP ROLE fresh;",
  // renamed on the way
  "CREATE TABLE app.t (id int); ALTER TABLE app.t RENAME TO u; DROP TABLE app.u;",
  "CREATE TABLE app.t (id int); ALTER TABLE app.t SET SCHEMA archive; DROP TABLE archive.t;",
  "CREATE VIEW app.v AS SELECT 1 AS one; ALTER VIEW app.v RENAME TO w; DROP VIEW app.w;",
  "CREATE TYPE app.fresh AS ENUM ('a'); ALTER TYPE app.fresh RENAME TO stale; DROP TYPE app.stale CASCADE;",
  "CREATE INDEX i ON app.notes (body); ALTER INDEX app.i RENAME TO j; DROP INDEX app.j;",
  "ALTER TABLE app.notes ADD CONSTRAINT c CHECK (id > 0); ALTER TABLE app.notes RENAME CONSTRAINT c TO d; ALTER TABLE app.notes DROP CONSTRAINT d;",
  "ALTER TABLE app.notes ADD COLUMN a int; ALTER TABLE app.notes RENAME a TO b; UPDATE app.notes SET b = 1; ALTER TABLE app.notes DROP COLUMN b;",
  // named with and without their schema, quoted and not
  'SET search_path = app; CREATE TABLE t (id int); DROP TABLE app."t";',
  "CREATE TABLE app.t (id int); SET search_path = app, public; DROP TABLE T;",
  "SET LOCAL search_path TO app; CREATE VIEW v AS SELECT 1 AS one; DROP VIEW app.v;",
  "SELECT set_config('search_path', 'app, public', false); CREATE TEMP TABLE t (id int); DROP TABLE t;",
  "CREATE SCHEMA fresh; SELECT set_config('search_path', 'fresh, public', true); CREATE TABLE t (id int); DROP TABLE fresh.t;",
  // a known path asks no role
  "SET search_path = app; CREATE TABLE t (id int); SET ROLE writer; RESET ROLE; DROP TABLE t;",
];

/** Close to these, and something that was there before goes. */
const notMadeHere: readonly (readonly [sql: string, finding: string])[] = [
  [
    "CREATE OR REPLACE VIEW app.user_names AS SELECT id, name FROM app.users; DROP VIEW app.user_names;",
    "drop-view compatibility app.user_names",
  ],
  [
    "CREATE INDEX IF NOT EXISTS orders_note_unique ON app.orders (state); DROP INDEX app.orders_note_unique;",
    "drop-index integrity app.orders_note_unique",
  ],
  ["CREATE SEQUENCE IF NOT EXISTS app.loose; DROP SEQUENCE app.loose;", "drop-sequence integrity app.loose"],
  [
    "CREATE FUNCTION app.bucket(t text) RETURNS text LANGUAGE sql AS 'SELECT t'; DROP FUNCTION app.bucket(int) CASCADE;",
    "drop-function data-loss app.bucket",
  ],
  [
    "CREATE VIEW app.v AS SELECT 1 AS one; ALTER VIEW app.v RENAME TO w; ALTER VIEW app.user_names RENAME TO v; DROP VIEW app.v;",
    "drop-view compatibility app.v",
  ],
  [
    "CREATE TABLE app.t (id int); ALTER TABLE app.t RENAME TO u; ALTER TABLE app.notes RENAME TO t; DROP TABLE app.t;",
    "drop-table data-loss app.t",
  ],
  [
    "CREATE TABLE app.new_notes AS SELECT id FROM app.notes; ALTER TABLE app.notes RENAME TO old_notes; ALTER TABLE app.new_notes RENAME TO notes; DROP TABLE app.old_notes;",
    "drop-table data-loss app.old_notes",
  ],
  [
    "CREATE SCHEMA fresh; ALTER TABLE app.notes SET SCHEMA fresh; DROP SCHEMA fresh CASCADE;",
    "drop-schema data-loss fresh",
  ],
  [
    "CREATE SCHEMA fresh; CREATE TABLE fresh.p (LIKE app.events_2025) PARTITION BY RANGE (at); ALTER TABLE app.events DETACH PARTITION app.events_2025; ALTER TABLE fresh.p ATTACH PARTITION app.events_2025 DEFAULT; DROP SCHEMA fresh CASCADE;",
    "drop-schema data-loss fresh",
  ],
  [
    "CREATE SCHEMA fresh; CREATE TYPE fresh.code AS ENUM ('111', '222'); ALTER TABLE app.users ALTER phone DROP DEFAULT, ALTER phone TYPE fresh.code USING phone::text::fresh.code; DROP SCHEMA fresh CASCADE;",
    "drop-schema data-loss fresh",
  ],
  [
    "CREATE SCHEMA fresh; ALTER SCHEMA fresh RENAME TO stale; ALTER SCHEMA app RENAME TO fresh; DROP SCHEMA fresh CASCADE;",
    "drop-schema data-loss fresh",
  ],
  [
    "CREATE TYPE app.code AS ENUM ('111', '222'); ALTER TABLE app.users ALTER phone DROP DEFAULT, ALTER phone TYPE app.code USING phone::text::app.code; DROP TYPE app.code CASCADE;",
    "drop-type-cascade data-loss app.code",
  ],
  ["SET search_path = app; CREATE TEMP TABLE notes (id int); DROP TABLE app.notes;", "drop-table data-loss app.notes"],
  [
    "SET search_path = archive; CREATE TABLE notes (id int); SET search_path = app; DROP TABLE notes;",
    "drop-table data-loss notes",
  ],
  [
    "SET search_path = archive; CREATE TABLE notes (id int); SET search_path = app, pg_temp; DROP TABLE notes;",
    "drop-table data-loss notes",
  ],
  ["CREATE TEMP TABLE notes (id int); SET search_path = app, pg_temp; DROP TABLE notes;", "drop-table data-loss notes"],
  [
    "CREATE TABLE archive.notes (id int); SELECT set_config('search_path', 'archive', false) WHERE false; SET search_path = app; DROP TABLE notes;",
    "drop-table data-loss notes",
  ],
  [
    "ALTER TABLE app.notes ADD COLUMN fresh text; ALTER TABLE app.notes RENAME fresh TO stale; ALTER TABLE app.notes RENAME body TO fresh; UPDATE app.notes SET fresh = 'x';",
    "update-without-where data-loss app.notes",
  ],
];

/** Executed: what the state of a text says is what PostgreSQL then has. */
export function madeHereCases(lossesOf: (sql: string) => Promise<Losses>): void {
  describe("what a text has made itself", () => {
    test.each(madeHere)("is not lost: %s", async (sql) => {
      const { whole, some, facts } = await lossesOf(sql);
      const gone = facts.filter((fact) => fact.startsWith("gone"));
      expect({ whole, some, gone, found: found(sql) }).toEqual({ whole: [], some: [], gone: [], found: [] });
    });

    test.each(notMadeHere)("is told from what was there: %s", async (sql, finding) => {
      const { whole, some, facts } = await lossesOf(sql);
      const gone = facts.filter((fact) => fact.startsWith("gone"));
      expect(whole.length + some.length + gone.length).toBeGreaterThan(0);
      expect(found(sql)).toContain(finding);
    });
  });
}
